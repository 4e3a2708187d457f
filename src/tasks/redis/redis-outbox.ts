import type { Subject } from 'rxjs';
import { listen } from '../../common/listen.js';
import type { DeliveryAttempt } from '../admin/delivery-attempt.js';
import { DUE_PAGE, type DuePage, DuePages, firstDue } from '../due-pages.js';
import type { DueDelivery, Outbox, OutboxEntry, TakeOptions } from '../outbox.interface.js';
import type { PushConfig } from '../push-config-store.interface.js';
import { pushHost } from '../push-host.js';
import { entryId, entryOf } from './entry-id.js';
import { committedEntry } from './log-entry.js';
import type { RedisConnection } from './redis-connection.js';
import { BURY, COMPLETE, DUE, POSTPONE, SKIP_FOLLOWED, TAKE } from './scripts/outbox.scripts.js';

/** The id holds the task (36 characters) and the config. */
interface DueConfig extends DueDelivery {
  readonly member: string;
}

type DueReply = [member: string, dueAt: string, owner: string, config: string];

type TakenReply = [
  ...[taskId: string, contextId: string, configId: string, seq: string, tries: string],
  ...[config: string, event: string, owner: string, tenant: string, agent: string, givenUp: string, owed: number],
];

const stored = (attempt: DeliveryAttempt | undefined): string => (attempt ? JSON.stringify(attempt) : '');

export class RedisOutbox implements Outbox {
  /** The cursor is the number of configs before the page. */
  readonly #pages = new DuePages<DueConfig, number>((from) => this.#page(from));

  constructor(
    private readonly connection: RedisConnection,
    private readonly owed: Subject<void>,
  ) {}

  async take(
    limit: number,
    leaseMs: number,
    { maxBytes = Number.MAX_SAFE_INTEGER, choose = firstDue }: TakeOptions = {},
  ): Promise<OutboxEntry[]> {
    const chosen = await this.#pages.choose(limit, choose);
    if (chosen.length === 0) return [];
    const members = chosen.map(({ member }) => member);
    const taken = await this.connection.run<TakenReply[]>(TAKE, leaseMs, maxBytes, ...members);
    return taken.map(
      ([taskId, contextId, configId, seq, tries, config, event, owner, tenant, agent, givenUp, owed]) => ({
        id: entryId(taskId, seq, configId),
        event: committedEntry({ taskId, contextId }, event),
        config: JSON.parse(config) as PushConfig,
        scope: { owner, tenant, agent },
        attempts: Number(tries),
        givenUp: Number(givenUp),
        followed: owed > 1,
      }),
    );
  }

  async complete(ids: readonly string[]): Promise<void> {
    const entries = ids.map(entryOf).filter((entry) => entry !== undefined);
    await Promise.all(entries.map((entry) => this.connection.run(COMPLETE, ...entry)));
  }

  async skipFollowed(id: string): Promise<void> {
    const entry = entryOf(id);
    if (entry) await this.connection.run(SKIP_FOLLOWED, ...entry);
  }

  async release(ids: readonly string[], delayMs: number): Promise<void> {
    const entries = ids.map(entryOf).filter((entry) => entry !== undefined);
    await Promise.all(entries.map((entry) => this.connection.run(POSTPONE, ...entry, delayMs, '', '')));
  }

  async retry(
    { id, attempts }: Pick<OutboxEntry, 'id' | 'attempts'>,
    delayMs: number,
    attempt?: DeliveryAttempt,
  ): Promise<void> {
    const entry = entryOf(id);
    if (entry) await this.connection.run(POSTPONE, ...entry, delayMs, attempts, stored(attempt));
  }

  async deadLetter(id: string, reason: string, attempt?: DeliveryAttempt): Promise<number> {
    const entry = entryOf(id);
    return entry ? this.connection.run<number>(BURY, ...entry, reason.toWellFormed(), stored(attempt)) : 0;
  }

  onOwed(listener: () => void): () => void {
    return listen(this.owed, listener);
  }

  async #page(from = 0): Promise<DuePage<DueConfig, number>> {
    const rows = await this.connection.run<DueReply[]>(DUE, from, DUE_PAGE);
    const due = rows.map(([member, dueAt, owner, config]) => ({
      owner,
      host: pushHost((JSON.parse(config) as PushConfig).url),
      dueAt: Number(dueAt),
      member,
    }));
    return { due, ...(rows.length === DUE_PAGE && { next: from + DUE_PAGE }) };
  }
}
