import type { CallContext } from '../../security/call-context.js';
import { type InboxFacts, putRefusal } from '../core/message-rules.js';
import type { InboxEntry, InboxMessage, InboxStore, PutOptions, PutResult } from '../inbox-store.interface.js';
import type { RunRef } from '../task-record.js';
import { toKnownMessage } from './known-message.js';
import type { RedisConnection } from './redis-connection.js';
import { PEEK, PUT_MESSAGE, READ_INBOX, SWEEP, WAITING, WITHDRAW } from './scripts/inbox.scripts.js';
import { fromStored } from '../task-states.js';
import { untilApplied } from './until-applied.js';
import { scopeKey } from './task-row.js';

type FactsReply = [state: string, waiting: string, others: string, known: string];

export class RedisInboxStore implements InboxStore {
  constructor(private readonly connection: RedisConnection) {}

  async put(
    context: CallContext,
    taskId: string,
    entry: InboxMessage,
    digest: string,
    limit: number,
    { key: messageId = entry.message.messageId, pushConfig }: PutOptions = {},
  ): Promise<PutResult> {
    const { config, limit: configLimit } = pushConfig ?? {};
    const task = [taskId, scopeKey(context), messageId, config?.id ?? ''];
    return untilApplied<PutResult>(async () => {
      const facts = await this.connection.run<FactsReply | null>(READ_INBOX, ...task);
      const refusal = putRefusal(toFacts(facts), { digest, limit, configLimit });
      if (!facts || refusal) return refusal ?? { result: 'missing' };
      const given = [config ? JSON.stringify(config) : '', digest, JSON.stringify(entry), ...facts];
      const id = await this.connection.run<string | null>(PUT_MESSAGE, ...task, ...given);
      return id === null ? undefined : { result: 'queued', id };
    });
  }

  async peek(run: RunRef): Promise<InboxEntry | undefined> {
    const values = [run.taskId, scopeKey(run), run.fence];
    const reply = await this.connection.run<[string, string] | null>(PEEK, ...values);
    return reply ? { id: reply[0], ...(JSON.parse(reply[1]) as InboxMessage) } : undefined;
  }

  async waiting(context: CallContext, taskId: string, id: string): Promise<boolean> {
    return (await this.connection.run<number>(WAITING, taskId, scopeKey(context), id)) === 1;
  }

  async withdraw(context: CallContext, taskId: string, id: string): Promise<boolean> {
    return (await this.connection.run<number>(WITHDRAW, taskId, scopeKey(context), id)) === 1;
  }

  sweep(limit: number): Promise<number> {
    return this.connection.run<number>(SWEEP, limit);
  }
}

const toFacts = (reply: FactsReply | null): InboxFacts => {
  if (!reply) return { waiting: 0, otherConfigs: 0 };
  const [state, waiting, others, known] = reply;
  return {
    row: { state: fromStored(state) },
    ...(known !== '' && { known: toKnownMessage(known) }),
    waiting: Number(waiting),
    otherConfigs: Number(others),
  };
};
