import type { TaskScope } from '../../security/call-context.js';
import type { Database, Query } from './database.js';
import type { SettledTasks } from '../task-store.interface.js';
import type { SnapshotWriter } from '../snapshot-writer.js';
import { LONGEST_FIRST, RESTING, resting } from './resting.js';
import { IN_SCOPE, isTaskId, scoped } from './task-row.js';
import { TERMINAL_SQL } from '../task-states.js';

const DELETE = `delete from a2a_task t where ${IN_SCOPE} returning task_id`;

export const DELETE_ENDED = `
delete from a2a_task where task_id in (
  select t.task_id from a2a_task t
  where ${RESTING} and t.state in ${TERMINAL_SQL}
    and not exists (select from a2a_outbox o where o.task_id = t.task_id and o.dead_at is null)
  order by ${LONGEST_FIRST} limit $4 for update skip locked
) returning task_id`;

/** A separate statement: it sees everything that was written for the tasks until their rows were locked. */
const DELETE_CONTENT = `
with event as (delete from a2a_event where task_id = any($1::uuid[])),
  snapshot as (delete from a2a_snapshot where task_id = any($1::uuid[])),
  inbox as (delete from a2a_inbox where task_id = any($1::uuid[])),
  outbox as (delete from a2a_outbox where task_id = any($1::uuid[])),
  queue as (delete from a2a_push_queue where task_id = any($1::uuid[]))
delete from a2a_push_config where task_id = any($1::uuid[])`;

const DELETE_MESSAGES = `delete from a2a_message where task_id = any($1::uuid[])`;

/** Every replica does this; they skip each other's locked rows. */
const FORGET_MESSAGES = `
with old as materialized (
  select m.tenant, m.owner, m.agent, m.message_id
  from a2a_message m left join a2a_task t on t.task_id = m.task_id
  where m.created_at < now() - $1::float8 * interval '1 ms' and (t.task_id is null or t.state in ${TERMINAL_SQL})
  limit $2
  for update of m skip locked)
delete from a2a_message m using old
where m.tenant = old.tenant and m.owner = old.owner and m.agent = old.agent and m.message_id = old.message_id
returning m.task_id`;

const TRIM = `
update a2a_task t set trimmed_seq = greatest(t.trimmed_seq, least($2::bigint, t.last_seq))
where t.task_id = $1::uuid and t.state in ${TERMINAL_SQL}
  and exists (select from a2a_snapshot s where s.task_id = t.task_id and s.seq = t.last_seq)
returning t.trimmed_seq`;

/** Events that are still owed to webhooks stay, hidden from readers. */
const TRIM_EVENTS = `
delete from a2a_event e where e.task_id = $1::uuid and e.seq <= $2
  and not exists (select from a2a_outbox o where o.task_id = e.task_id and o.seq = e.seq)`;

export const UNTRIMMED = `
select t.task_id, t.last_seq from a2a_task t
where ${RESTING} and t.state in ${TERMINAL_SQL} and t.trimmed_seq = 0 and not t.keeps_log
order by ${LONGEST_FIRST} limit $4`;

const KEEP_LOG = `update a2a_task set keeps_log = true where task_id = $1::uuid and trimmed_seq = 0`;

interface Untrimmed {
  task_id: string;
  last_seq: number;
}

const TRIMMED_AT_ONCE = 4;

const ENDED = `select from a2a_task where task_id = $1::uuid and state in ${TERMINAL_SQL}`;

/** Deletes tasks, or trims their logs. */
export class TaskRemover {
  constructor(
    private readonly db: Database,
    private readonly snapshots: SnapshotWriter,
  ) {}

  async delete(scope: TaskScope, taskId: string): Promise<boolean> {
    if (!isTaskId(taskId)) return false;
    const values = scoped(scope, taskId);
    const work = (query: Query): Promise<number> => deleted(query, DELETE, values, [DELETE_CONTENT, DELETE_MESSAGES]);
    return (await this.db.transactionOn(taskId, work)) > 0;
  }

  /** Skips tasks whose rows are locked. */
  deleteEnded(which: SettledTasks, limit: number): Promise<number> {
    const values = [...resting(which), limit];
    return this.db.transaction((query) => deleted(query, DELETE_ENDED, values, [DELETE_CONTENT]));
  }

  /** A few at a time: they are read one by one, and other callers need the pool. */
  async trimEnded(which: SettledTasks, limit: number): Promise<number> {
    const rows = await this.db.query<Untrimmed>(UNTRIMMED, [...resting(which), limit]);
    const left = [...rows];
    const work = async (): Promise<void> => {
      for (let row = left.shift(); row; row = left.shift()) await this.#trimAll(row);
    };
    await Promise.all(Array.from({ length: TRIMMED_AT_ONCE }, work));
    return rows.length;
  }

  async #trimAll({ task_id, last_seq }: Untrimmed): Promise<void> {
    if (await this.snapshots.cover(task_id)) await this.trim(task_id, last_seq);
    else await this.db.queryTask(task_id, KEEP_LOG, [task_id]);
  }

  async forgetMessages(olderThanMs: number, limit: number): Promise<number> {
    return (await this.db.query(FORGET_MESSAGES, [olderThanMs, limit])).length;
  }

  async trim(taskId: string, upToSeq: number): Promise<void> {
    if (!isTaskId(taskId) || (await this.db.query(ENDED, [taskId])).length === 0) return;
    if (!(await this.snapshots.cover(taskId))) return;
    await this.db.transactionOn(taskId, async (query) => {
      const [row] = await query<{ trimmed_seq: number }>(TRIM, [taskId, upToSeq]);
      if (row) await query(TRIM_EVENTS, [taskId, row.trimmed_seq]);
    });
  }
}

/** How many tasks the first statement deletes. The other statements delete what belongs to them. */
async function deleted(query: Query, sql: string, values: unknown[], rest: readonly string[]): Promise<number> {
  const ids = (await query<{ task_id: string }>(sql, values)).map((row) => row.task_id);
  if (ids.length > 0) for (const statement of rest) await query(statement, [ids]);
  return ids.length;
}
