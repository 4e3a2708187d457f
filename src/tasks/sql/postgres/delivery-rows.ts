import type { Observable } from 'rxjs';
import type { DuePage } from '../../due-pages.js';
import type { OutboxEntry } from '../../outbox.interface.js';
import { isRowId } from '../../row-ids.js';
import { type EntryRow, toEntry } from '../core/claim-due.js';
import { type DueConfig, type DueRow, toDue } from '../core/due-config.js';
import { SqlDeliveryRows } from '../core/delivery-rows.js';
import { COMPLETE, COMPLETE_MANY, DUE, DUE_OF_LANES, TAKE } from './delivery.statements.js';
import { plainArray } from './pg-array.js';
import type { PostgresDatabase } from './postgres.database.js';

/** Up to this many due deliveries are all read. */
const FEW = 100;
/** Deliveries per pair of owner and host on one page. */
const OF_LANE = 32;

interface LaneRow {
  owner: string;
  host: string;
  beyond: boolean;
}

/** A pair without a task has nothing due. */
type DueOfLane = LaneRow & (DueRow | { task_id: null });

type Lane = readonly [owner: string, host: string];

/** As SqlDeliveryRows, but a delivery is taken and completed in one statement, and reading passes over what one host or owner is owed. */
export class PostgresDeliveryRows extends SqlDeliveryRows<Lane> {
  /** The last read found more than a few. */
  #crowded = false;

  constructor(
    protected override readonly db: PostgresDatabase,
    owed: Observable<void>,
  ) {
    super(db, owed);
  }

  async complete(ids: readonly string[]): Promise<void> {
    const known = ids.filter(isRowId);
    let left = known;
    if (known.length > 1) {
      const { rows } = await this.db.send<{ id: string }>(COMPLETE_MANY, [plainArray(known)]);
      left = known.filter((id) => !rows.some((row) => row.id === id));
    }
    for (const id of left) await this.db.send(COMPLETE, [id]);
  }

  protected override async claim(
    chosen: readonly DueConfig[],
    leaseMs: number,
    maxBytes: number,
  ): Promise<OutboxEntry[]> {
    const { rows } = await this.db.send<EntryRow>(TAKE, [
      plainArray(chosen.map(({ taskId }) => taskId)),
      plainArray(chosen.map(({ key }) => key)),
      leaseMs,
      maxBytes,
    ]);
    return rows.map(toEntry);
  }

  /** All due deliveries, if there are few; otherwise some of each pair of owner and host, starting at a pair. */
  protected override async page(from?: Lane): Promise<DuePage<DueConfig, Lane>> {
    if (from === undefined && !this.#crowded) {
      const { rows } = await this.db.send<DueRow>(DUE, [FEW]);
      if (rows.length < FEW) return { due: rows.map(toDue) };
    }
    const [owner, host] = from ?? ['', ''];
    const { rows } = await this.db.send<DueOfLane>(DUE_OF_LANES, [owner, host, OF_LANE]);
    const last = rows.at(-1);
    const next = last?.beyond ? ([last.owner, last.host] as const) : undefined;
    this.#crowded = next !== undefined || rows.length >= OF_LANE;
    return { due: rows.flatMap((row) => (row.task_id === null ? [] : [toDue(row)])), next };
  }
}
