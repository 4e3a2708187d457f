import type { Observable } from 'rxjs';
import { type DeliveryRows, OLDEST_AT_ONCE } from '../../core/delivery-rows.interface.js';
import type { DecideDelivery } from '../../core/delivery-rules.js';
import { DUE_PAGE, type DuePage, DuePages } from '../../due-pages.js';
import { kindOf } from '../../event-row.js';
import type { OutboxEntry, TakeOptions } from '../../outbox.interface.js';
import type { EventKind } from '../../pending-event.js';
import { isRowId } from '../../row-ids.js';
import { claimDue } from './claim-due.js';
import { decideOnDelivery } from './decide-on-delivery.js';
import { type DueConfig, type DueRow, toDue } from './due-config.js';
import { NOW, sql, timeValue } from './sql.js';
import type { SqlDatabase } from './sql-database.interface.js';

interface OwedRow {
  readonly id: number;
  readonly task_id: string;
  readonly config_key: string;
  readonly kind: number;
}

/** Deliveries. When the next one to a config is due is stored once per config, in a2a_push_queue, not per delivery. */
export class SqlDeliveryRows<Place = readonly [dueAt: number, taskId: string, key: string]> implements DeliveryRows {
  readonly #pages = new DuePages<DueConfig, Place>((from) => this.page(from));

  constructor(
    protected readonly db: SqlDatabase,
    readonly owed: Observable<void>,
  ) {}

  async take(limit: number, leaseMs: number, { maxBytes, choose }: Required<TakeOptions>): Promise<OutboxEntry[]> {
    const chosen = await this.#pages.choose(limit, choose);
    return chosen.length === 0 ? [] : this.claim(chosen, leaseMs, maxBytes);
  }

  async change<T>(ids: readonly string[], decide: DecideDelivery<T>): Promise<T[]> {
    const results: T[] = [];
    for (const id of ids) results.push(await this.db.write((session) => decideOnDelivery(session, id, decide)));
    return results;
  }

  async deleteOldest(id: string, count: (kinds: readonly EventKind[]) => number): Promise<void> {
    if (!isRowId(id)) return;
    await this.db.write(async (session) => {
      const owed = await session.query<OwedRow>(sql`
        select n.id, n.task_id, n.config_key, e.kind from a2a_outbox o
        join a2a_outbox n on n.task_id = o.task_id and n.config_key = o.config_key and n.dead_at is null
        join a2a_event e on e.task_id = n.task_id and e.seq = n.seq
        where o.id = ${Number(id)} and o.dead_at is null order by n.id limit ${OLDEST_AT_ONCE}`);
      const kept = owed[count(owed.map(({ kind }) => kindOf(Number(kind))))];
      if (!kept) return;
      const ofQueue = sql`task_id = ${kept.task_id} and config_key = ${kept.config_key}`;
      await session.run(sql`delete from a2a_outbox where ${ofQueue} and dead_at is null and id < ${Number(kept.id)}`);
      await session.run(sql`update a2a_push_queue set due_at = ${NOW} where ${ofQueue}`);
    });
  }

  protected claim(chosen: readonly DueConfig[], leaseMs: number, maxBytes: number): Promise<OutboxEntry[]> {
    return this.db.write((session) => claimDue(session, chosen, leaseMs, maxBytes));
  }

  /** The due deliveries in the order of their times, from a place on. */
  protected async page(from?: Place): Promise<DuePage<DueConfig, Place>> {
    const [dueAt, taskId, key] = (from as readonly [number, string, string] | undefined) ?? [-1, '', ''];
    const after = sql`(q.due_at > ${timeValue(dueAt)} or q.task_id > ${taskId} or (q.task_id = ${taskId} and q.config_key > ${key}))`;
    const rows = await this.db.query<DueRow>(sql`
      select q.task_id, q.config_key, q.due_at, q.host, q.owner from a2a_push_queue q
      where q.due_at <= ${NOW} and q.due_at >= ${timeValue(dueAt)} and ${after}
      order by q.due_at, q.task_id, q.config_key limit ${DUE_PAGE}`);
    const due = rows.map(toDue);
    const last = due.length < DUE_PAGE ? undefined : due.at(-1);
    return { due, ...(last && { next: [last.dueAt, last.taskId, last.key] as Place }) };
  }
}
