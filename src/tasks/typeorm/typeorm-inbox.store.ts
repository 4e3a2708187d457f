import type { CallContext } from '../../security/call-context.js';
import { type InboxFacts, putRefusal } from '../core/message-rules.js';
import type { InboxEntry, InboxMessage, InboxStore, PutOptions, PutResult } from '../inbox-store.interface.js';
import type { InlinePushConfig } from '../push-config-store.interface.js';
import type { RunRef } from '../task-record.js';
import type { Database, Query } from './database.js';
import { putPushConfig } from './put-push-config.js';
import { IN_SCOPE, isRowId, isTaskId, scoped } from './task-row.js';
import { TERMINAL_SQL, fromStored } from '../task-states.js';

/** Runs before anything is locked: a large message may take long to arrive, or never arrive whole. Kept until the transaction ends. */
const STAGE = `select set_config('a2a.entry', $1, true) is null as missing`;

/** The lock orders puts among themselves, and against the release of the run and the end of the task. */
const LOCK = `select t.state from a2a_task t where ${IN_SCOPE} for no key update`;

/** What else the decision depends on. Others: active push configs of the task except the one with this id. */
const FACTS = `
select m.task_id, m.digest, (select count(*)::int from a2a_inbox where task_id = $1::uuid) as waiting,
  (select count(*)::int from a2a_push_config c
   where c.task_id = $1::uuid and c.config_id <> $6 and c.disabled_at is null) as others
from (select) one
left join a2a_message m on m.owner = $2 and m.tenant = $3 and m.agent = $4 and m.message_id = $5`;

/** No row: the messageId arrived with another request at the same moment. */
const PUT = `
with message as (
  insert into a2a_message (task_id, owner, tenant, agent, message_id, digest) values ($1::uuid, $2, $3, $4, $5, $6)
  on conflict do nothing
  returning task_id, message_id
)
insert into a2a_inbox (task_id, message_id, entry) select task_id, message_id, current_setting('a2a.entry')::json from message
returning id`;

const PEEK = `
select i.id, i.entry from a2a_inbox i join a2a_task t on t.task_id = i.task_id
where ${IN_SCOPE} and t.fence = $5
order by i.id limit 1`;

const ENTRY = `t.task_id = i.task_id and i.id = $5::bigint and ${IN_SCOPE}`;

const WAITING = `select from a2a_inbox i, a2a_task t where ${ENTRY} and t.state not in ${TERMINAL_SQL}`;

/** The message id is deleted too, so that the sender may send it again. */
const WITHDRAW = `
with gone as (delete from a2a_inbox i using a2a_task t where ${ENTRY} returning i.task_id, i.message_id)
delete from a2a_message m using gone
where m.owner = $2 and m.tenant = $3 and m.agent = $4 and m.message_id = gone.message_id and m.task_id = gone.task_id
returning m.message_id`;

const SWEEP = `
delete from a2a_inbox where id in (
  select i.id from a2a_inbox i join a2a_task t on t.task_id = i.task_id where t.state in ${TERMINAL_SQL} order by i.id limit $1)
returning id`;

export class TypeOrmInboxStore implements InboxStore {
  constructor(private readonly db: Database) {}

  async put(
    context: CallContext,
    taskId: string,
    entry: InboxMessage,
    digest: string,
    limit: number,
    { key: messageId = entry.message.messageId, pushConfig }: PutOptions = {},
  ): Promise<PutResult> {
    if (!isTaskId(taskId)) return { result: 'missing' };
    for (;;) {
      const result = await this.db.transactionOn(taskId, (query) =>
        putOnce(query, context, taskId, entry, { messageId, digest, limit, pushConfig }),
      );
      // No result: the messageId was taken meanwhile. It is known now, or free again.
      if (result) return result;
    }
  }

  async peek(run: RunRef): Promise<InboxEntry | undefined> {
    if (!isTaskId(run.taskId)) return undefined;
    const values = [...scoped(run, run.taskId), run.fence];
    const [row] = await this.db.query<{ id: number; entry: string }>(PEEK, values);
    return row && { id: String(row.id), ...(JSON.parse(row.entry) as InboxMessage) };
  }

  async waiting(context: CallContext, taskId: string, id: string): Promise<boolean> {
    if (!isTaskId(taskId) || !isRowId(id)) return false;
    return (await this.db.query(WAITING, [...scoped(context, taskId), id])).length > 0;
  }

  async withdraw(context: CallContext, taskId: string, id: string): Promise<boolean> {
    if (!isTaskId(taskId) || !isRowId(id)) return false;
    return (await this.db.queryTask(taskId, WITHDRAW, [...scoped(context, taskId), id])).length > 0;
  }

  async sweep(limit: number): Promise<number> {
    return (await this.db.query(SWEEP, [limit])).length;
  }
}

interface Put {
  readonly messageId: string;
  readonly digest: string;
  readonly limit: number;
  readonly pushConfig?: InlinePushConfig;
}

async function putOnce(
  query: Query,
  context: CallContext,
  taskId: string,
  entry: InboxMessage,
  { messageId, digest, limit, pushConfig }: Put,
): Promise<PutResult | undefined> {
  await query(STAGE, [JSON.stringify(entry)]);
  const [task] = await query<{ state: string }>(LOCK, scoped(context, taskId));
  if (!task) return { result: 'missing' };
  const [facts] = await query<FactsRow>(FACTS, [...scoped(context, taskId), messageId, pushConfig?.config.id ?? '']);
  const refusal = putRefusal(toFacts(task.state, facts!), { digest, limit, configLimit: pushConfig?.limit });
  if (refusal) return refusal;
  const [row] = await query<{ id: number }>(PUT, [...scoped(context, taskId), messageId, digest]);
  // It arrived with another request at the same moment. It is known now, or deleted again.
  if (!row) return undefined;
  if (pushConfig) await putPushConfig(query, context, taskId, pushConfig.config);
  return { result: 'queued', id: String(row.id) };
}

interface FactsRow {
  task_id: string | null;
  digest: string | null;
  waiting: number;
  others: number;
}

const toFacts = (state: string, { task_id: taskId, digest, waiting, others }: FactsRow): InboxFacts => ({
  row: { state: fromStored(state) },
  ...(taskId !== null && digest !== null && { known: { taskId, digest } }),
  waiting,
  otherConfigs: others,
});
