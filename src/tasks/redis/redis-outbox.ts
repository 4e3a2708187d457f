import type { Outbox, OutboxEntry } from '../outbox.interface.js';
import type { OwedSignal } from '../owed-signal.js';
import type { PushConfig } from '../push-config-store.interface.js';
import { committedEntry } from './log-entry.js';
import type { RedisConnection } from './redis-connection.js';
import { BURY, COMPLETE, POSTPONE, TAKE } from './scripts/outbox.scripts.js';

/** Entries are named after what they are: the task (36 characters), the seq, and the config. */
const ENTRY_ID = /^([0-9a-f-]{36}):(\d{1,16}):([^]*)$/;

type TakenReply = [
  ...[taskId: string, contextId: string, configId: string, seq: string, tries: string],
  ...[config: string, event: string],
];

export class RedisOutbox implements Outbox {
  constructor(
    private readonly connection: RedisConnection,
    private readonly owed: OwedSignal,
  ) {}

  async take(limit: number, leaseMs: number, maxBytes = Number.MAX_SAFE_INTEGER): Promise<OutboxEntry[]> {
    const taken = await this.connection.run<TakenReply[]>(TAKE, limit, leaseMs, maxBytes);
    return taken.map(([taskId, contextId, configId, seq, tries, config, event]) => ({
      id: `${taskId}:${seq}:${configId}`,
      event: committedEntry({ taskId, contextId }, event),
      config: JSON.parse(config) as PushConfig,
      attempts: Number(tries),
    }));
  }

  async complete(id: string): Promise<void> {
    const entry = entryOf(id);
    if (entry) await this.connection.run(COMPLETE, ...entry);
  }

  async release(ids: readonly string[], delayMs: number): Promise<void> {
    const entries = ids.map(entryOf).filter((entry) => entry !== undefined);
    await Promise.all(entries.map((entry) => this.connection.run(POSTPONE, ...entry, delayMs, 0)));
  }

  async retry(id: string, delayMs: number): Promise<void> {
    const entry = entryOf(id);
    if (entry) await this.connection.run(POSTPONE, ...entry, delayMs, 1);
  }

  async bury(id: string, reason: string): Promise<number> {
    const entry = entryOf(id);
    return entry ? this.connection.run<number>(BURY, ...entry, reason.toWellFormed()) : 0;
  }

  onOwed(listener: () => void): () => void {
    return this.owed.onRing(listener);
  }
}

function entryOf(id: string): [taskId: string, configId: string, seq: string] | undefined {
  const [, taskId, seq, configId] = ENTRY_ID.exec(id) ?? [];
  return taskId !== undefined && seq !== undefined && configId !== undefined ? [taskId, configId, seq] : undefined;
}
