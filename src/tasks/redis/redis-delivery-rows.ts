import type { Observable } from 'rxjs';
import { attemptsOf } from '../admin/delivery-attempt.js';
import { type DeliveryRows, OLDEST_AT_ONCE } from '../core/delivery-rows.interface.js';
import type { DecideDelivery, DeliveryPatch, DeliveryRow } from '../core/delivery-rules.js';
import { DUE_PAGE, type DuePage, DuePages } from '../due-pages.js';
import { kindOf } from '../event-row.js';
import type { DueDelivery, OutboxEntry, TakeOptions } from '../outbox.interface.js';
import type { EventKind } from '../pending-event.js';
import type { PushConfig } from '../push-config-store.interface.js';
import { pushHost } from '../push-host.js';
import { entryId, entryOf } from './entry-id.js';
import { committedEntry } from './log-entry.js';
import type { RedisConnection } from './redis-connection.js';
import { DUE, PATCH_DELIVERY, READ_DELIVERY, READ_OWED, DELETE_OLDEST, TAKE } from './scripts/delivery.scripts.js';
import { untilApplied } from './until-applied.js';

/** The id holds the task (36 characters) and the config. */
interface DueConfig extends DueDelivery {
  readonly member: string;
}

type DueReply = [member: string, dueAt: string, owner: string, config: string];

type TakenReply = [
  ...[taskId: string, contextId: string, configId: string, seq: string, tries: string],
  ...[config: string, event: string, owner: string, tenant: string, agent: string, givenUp: string, owed: number],
];

type FactsReply = [place: string, fate: string, attempts: string, log: string, givenUp: string];

type OwedReply = [seqs: string[], kinds: string[]];

/** Deliveries in Redis, which has no locks: a patch is applied only if the facts that it was decided on have not changed. */
export class RedisDeliveryRows implements DeliveryRows {
  /** The cursor is the number of configs before the page. */
  readonly #pages = new DuePages<DueConfig, number>((from) => this.#page(from));

  constructor(
    private readonly connection: RedisConnection,
    readonly owed: Observable<void>,
  ) {}

  async take(limit: number, leaseMs: number, { maxBytes, choose }: Required<TakeOptions>): Promise<OutboxEntry[]> {
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

  change<T>(ids: readonly string[], decide: DecideDelivery<T>): Promise<T[]> {
    return Promise.all(ids.map((id) => this.#change(id, decide)));
  }

  async #change<T>(id: string, decide: DecideDelivery<T>): Promise<T> {
    const entry = entryOf(id);
    if (!entry) return decide(undefined).result;
    const { result } = await untilApplied(async () => {
      const facts = await this.connection.run<FactsReply>(READ_DELIVERY, ...entry);
      const { patch, result } = decide(rowOf(facts));
      const applied = !patch || (await this.connection.run(PATCH_DELIVERY, ...entry, ...facts, encodePatch(patch)));
      return applied ? { result } : undefined;
    });
    return result;
  }

  async deleteOldest(id: string, count: (kinds: readonly EventKind[]) => number): Promise<void> {
    const entry = entryOf(id);
    if (!entry) return;
    await untilApplied(async () => {
      const [seqs, kinds] = await this.connection.run<OwedReply>(READ_OWED, ...entry, OLDEST_AT_ONCE);
      if (seqs.length === 0) return true;
      const deleted = count(kinds.map((kind) => kindOf(Number(kind))));
      return (await this.connection.run(DELETE_OLDEST, entry[0], entry[1], ...seqs.slice(0, deleted + 1))) ?? undefined;
    });
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

const rowOf = ([place, fate, attempts, log, givenUp]: FactsReply): DeliveryRow | undefined =>
  fate === ''
    ? undefined
    : {
        attempts: Number(attempts),
        attemptLog: attemptsOf(log),
        isDead: fate === 'dead',
        isOldest: place === 'oldest',
        givenUp: Number(givenUp),
      };

/** A patch as the script takes it. */
const encodePatch = ({ deleted, attempts, attemptLog, dead, dueInMs, givenUp, enabled }: DeliveryPatch): string =>
  JSON.stringify({
    delete: deleted,
    tries: attempts?.toString(),
    log: attemptLog && JSON.stringify(attemptLog),
    ...(dead !== undefined && (dead === null ? { fate: 'owed' } : { fate: 'dead', reason: dead.toWellFormed() })),
    due: dueInMs,
    givenUp: givenUp?.toString(),
    enable: enabled,
  });
