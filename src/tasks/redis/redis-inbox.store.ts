import type { CallContext } from '../../security/call-context.js';
import { type InboxFacts, putRefusal } from '../core/message-rules.js';
import type { InboxEntry, InboxMessage, InboxStore, PutOptions, PutResult } from '../inbox-store.interface.js';
import type { RunRef } from '../task-record.js';
import { storeWebhook } from '../core/webhook-rules.js';
import { toKnownMessage } from './known-message.js';
import type { RedisConnection } from './redis-connection.js';
import { encodePatch, webhooksIn } from './redis-webhook-rows.js';
import { PEEK, PUT_MESSAGE, READ_INBOX, SWEEP, WAITING, WITHDRAW } from './scripts/inbox.scripts.js';
import { fromStored } from '../task-states.js';
import { untilApplied } from './until-applied.js';
import { scopeKey } from './task-row.js';

type ReadReply = [facts: [state: string, waiting: string, known: string, webhooks: string], now: string];

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
    const task = [taskId, scopeKey(context), messageId];
    return untilApplied<PutResult>(async () => {
      const read = await this.connection.run<ReadReply | null>(READ_INBOX, ...task, pushConfig ? 1 : '');
      const facts = toFacts(read);
      const refusal = putRefusal(facts, { digest, limit, pushConfig });
      if (!read || refusal) return refusal ?? { result: 'missing' };
      const [reply, now] = read;
      const patch = pushConfig ? encodePatch(storeWebhook(facts.webhooks ?? [], pushConfig.config, Number(now))) : '';
      const given = [patch, digest, JSON.stringify(entry), ...reply];
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

const toFacts = (read: ReadReply | null): InboxFacts => {
  if (!read) return { waiting: 0 };
  const [state, waiting, known, webhooks] = read[0];
  return {
    row: { state: fromStored(state) },
    ...(known !== '' && { known: toKnownMessage(known) }),
    waiting: Number(waiting),
    webhooks: webhooksIn(webhooks),
  };
};
