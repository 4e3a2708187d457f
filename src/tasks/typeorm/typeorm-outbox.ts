import type { Subject } from 'rxjs';
import { listen } from '../../common/listen.js';
import type { DueDelivery, Outbox, OutboxEntry, TakeOptions } from '../outbox.interface.js';
import type { Database } from './database.js';
import { type DuePage, DuePages, firstDue } from '../due-pages.js';
import { type EventRow, toEvent } from '../event-row.js';
import { plainArray } from './pg-array.js';
import { type PushConfigRow, toPushConfig } from '../push-config-row.js';
import {
  BURIED,
  BURY,
  COMPLETE,
  COMPLETE_MANY,
  DUE,
  DUE_OF_LANES,
  RELEASE,
  RETRY,
  SKIP_FOLLOWED,
  TAKE,
} from './outbox.statements.js';
import { isRowId } from './task-row.js';

/** Up to this many due deliveries are all read. */
const FEW = 100;
/** Deliveries per pair of owner and host on one page. */
const OF_LANE = 32;

interface DueRow {
  owner: string;
  host: string;
  task_id: string | null;
  config_id: string | null;
  due_at: number | null;
}

interface DueConfig extends DueDelivery {
  readonly taskId: string;
  readonly configId: string;
}

type Lane = readonly [owner: string, host: string];

type TakenRow = EventRow &
  PushConfigRow & {
    id: number;
    attempts: number;
    given_up: number;
    followed: boolean;
    task_id: string;
    context_id: string;
    owner: string;
    tenant: string;
    agent: string;
  };

interface GivenUp {
  given_up: number;
}

export class TypeOrmOutbox implements Outbox {
  readonly #pages = new DuePages<DueConfig, Lane>((from) => this.#page(from));

  /** The last read found more than that. */
  #crowded = false;

  constructor(
    private readonly db: Database,
    private readonly owed: Subject<void>,
  ) {}

  async take(
    limit: number,
    leaseMs: number,
    { maxBytes = Number.MAX_SAFE_INTEGER, choose = firstDue }: TakeOptions = {},
  ): Promise<OutboxEntry[]> {
    const chosen = await this.#pages.choose(limit, choose);
    if (chosen.length === 0) return [];
    const rows = await this.db.query<TakenRow>(TAKE, [
      plainArray(chosen.map(({ taskId }) => taskId)),
      chosen.map(({ configId }) => configId),
      leaseMs,
      maxBytes,
    ]);
    return rows.map(toEntry);
  }

  async complete(ids: readonly string[]): Promise<void> {
    const known = ids.filter(isRowId);
    let left = known;
    if (known.length > 1) {
      const done = await this.db.query<{ id: string }>(COMPLETE_MANY, [plainArray(known)]);
      left = known.filter((id) => !done.some((row) => row.id === id));
    }
    for (const id of left) await this.db.query(COMPLETE, [id]);
  }

  async skipFollowed(id: string): Promise<void> {
    if (isRowId(id)) await this.db.query(SKIP_FOLLOWED, [id]);
  }

  async release(ids: readonly string[], delayMs: number): Promise<void> {
    const known = ids.filter(isRowId);
    if (known.length > 0) await this.db.query(RELEASE, [plainArray(known), delayMs]);
  }

  async retry({ id, attempts }: Pick<OutboxEntry, 'id' | 'attempts'>, delayMs: number): Promise<void> {
    if (isRowId(id)) await this.db.query(RETRY, [id, delayMs, attempts]);
  }

  async deadLetter(id: string, reason: string): Promise<number> {
    if (!isRowId(id)) return 0;
    const [buried] = await this.db.query<GivenUp>(BURY, [id, reason.replaceAll('\0', '\uFFFD')]);
    const [row] = buried ? [buried] : await this.db.query<GivenUp>(BURIED, [id]);
    return row?.given_up ?? 0;
  }

  onOwed(listener: () => void): () => void {
    return listen(this.owed, listener);
  }

  /** All due deliveries, if there are few; otherwise some of each pair of owner and host, starting at a pair. */
  async #page(from?: Lane): Promise<DuePage<DueConfig, Lane>> {
    if (from === undefined && !this.#crowded) {
      const rows = await this.db.query<DueRow>(DUE, [FEW]);
      if (rows.length < FEW) return { due: rows.flatMap(toDue) };
    }
    const [owner, host] = from ?? ['', ''];
    const rows = await this.db.query<DueRow & { beyond: boolean }>(DUE_OF_LANES, [owner, host, OF_LANE]);
    const last = rows.at(-1);
    const next = last?.beyond ? ([last.owner, last.host] as const) : undefined;
    this.#crowded = next !== undefined || rows.length >= OF_LANE;
    return { due: rows.flatMap(toDue), next };
  }
}

const toDue = ({ owner, host, task_id: taskId, config_id: configId, due_at: dueAt }: DueRow): DueConfig[] =>
  taskId === null || configId === null || dueAt === null ? [] : [{ owner, host, taskId, configId, dueAt }];

const toEntry = (row: TakenRow): OutboxEntry => ({
  id: String(row.id),
  config: toPushConfig(row),
  scope: { owner: row.owner, tenant: row.tenant, agent: row.agent },
  attempts: row.attempts,
  givenUp: row.given_up,
  followed: row.followed,
  event: toEvent({ taskId: row.task_id, contextId: row.context_id }, row),
});
