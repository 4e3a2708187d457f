import type { CallContext } from '../../security/call-context.js';
import type { InboxEntry, InboxMessage, InboxStore, PutOptions, PutResult } from '../inbox-store.interface.js';
import type { RunRef } from '../task-record.js';
import { toKnownMessage } from './known-message.js';
import type { RedisConnection } from './redis-connection.js';
import { PEEK, PUT_MESSAGE, SWEEP, WAITING, WITHDRAW } from './scripts/inbox.scripts.js';
import { scopeKey } from './task-row.js';

type PutReply = ['queued' | 'duplicate', string] | ['full' | 'configs-full' | 'terminal' | 'missing'];

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
    const reply = await this.connection.run<PutReply>(
      PUT_MESSAGE,
      ...[taskId, scopeKey(context), messageId, digest, limit, JSON.stringify(entry)],
      ...[pushConfig?.config.id ?? '', pushConfig ? JSON.stringify(pushConfig.config) : '', pushConfig?.limit ?? 0],
    );
    if (reply[0] === 'queued') return { result: 'queued', id: reply[1] };
    if (reply[0] !== 'duplicate') return { result: reply[0] };
    const known = toKnownMessage(reply[1]);
    return { result: 'duplicate', taskId: known.taskId, sameContent: known.digest === digest };
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
