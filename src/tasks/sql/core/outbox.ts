import type { Subject } from 'rxjs';
import { listen } from '../../../common/listen.js';
import { type DeliveryAttempt, attemptsOf, withAttempt } from '../../admin/delivery-attempt.js';
import { DUE_PAGE, type DuePage, DuePages, firstDue } from '../../due-pages.js';
import { KIND_CODES } from '../../event-row.js';
import type { Outbox, OutboxEntry, TakeOptions } from '../../outbox.interface.js';
import { isRowId } from '../../row-ids.js';
import { claimDue } from './claim-due.js';
import { type DueConfig, type DueRow, toDue } from './due-config.js';
import { NOW, type Sql, later, sql, timeValue } from './sql.js';
import type { SqlDatabase, SqlSession } from './sql-database.interface.js';
import { storedText } from './stored-text.js';

const ARTIFACTS: readonly number[] = [KIND_CODES.artifact, KIND_CODES.artifactWithMetadata];

/** What is owed to one config. */
interface Queue {
  readonly task_id: string;
  readonly config_key: string;
}

interface Entry extends Queue {
  readonly seq: number;
  readonly attempt_log: string | null;
}

const ofQueue = ({ task_id, config_key }: Queue): Sql => sql`task_id = ${task_id} and config_key = ${config_key}`;

/**
 * The deliveries that are owed. When a config's next delivery is due is stored once per config, in a2a_push_queue, not per
 * delivery. Every change locks the row of the entry before that of the queue, and that before that of the config.
 */
export class SqlOutbox<Place = readonly [dueAt: number, taskId: string, key: string]> implements Outbox {
  readonly #pages = new DuePages<DueConfig, Place>((from) => this.page(from));

  constructor(
    protected readonly db: SqlDatabase,
    private readonly owed: Subject<void>,
  ) {}

  async take(
    limit: number,
    leaseMs: number,
    { maxBytes = Number.MAX_SAFE_INTEGER, choose = firstDue }: TakeOptions = {},
  ): Promise<OutboxEntry[]> {
    const chosen = await this.#pages.choose(limit, choose);
    return chosen.length === 0 ? [] : this.claim(chosen, leaseMs, maxBytes);
  }

  async complete(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      await this.#settle(id, async (session, entry) => {
        const done = sql`delete from a2a_outbox where id = ${Number(id)} and dead_at is null`;
        if ((await session.run(done)) > 0) await showNext(session, entry, sql`given_up = 0`);
      });
    }
  }

  async skipFollowed(id: string): Promise<void> {
    await this.#settle(id, async (session, queue) => {
      const owed = await session.query<{ id: number; kind: number }>(sql`
        select o.id, e.kind from a2a_outbox o join a2a_event e on e.task_id = o.task_id and e.seq = o.seq
        where o.task_id = ${queue.task_id} and o.config_key = ${queue.config_key} and o.dead_at is null order by o.id`);
      const kept = owed.find(({ kind }) => !ARTIFACTS.includes(Number(kind))) ?? owed.at(-1);
      if (!kept) return;
      await session.run(
        sql`delete from a2a_outbox where ${ofQueue(queue)} and dead_at is null and id < ${Number(kept.id)}`,
      );
      await delay(session, queue, 0);
    });
  }

  async release(ids: readonly string[], delayMs: number): Promise<void> {
    for (const id of ids) await this.#settle(id, (session, entry) => delay(session, entry, delayMs));
  }

  async retry(
    { id, attempts }: Pick<OutboxEntry, 'id' | 'attempts'>,
    delayMs: number,
    attempt?: DeliveryAttempt,
  ): Promise<void> {
    await this.#settle(id, async (session, entry) => {
      // An entry that has one attempt more was already updated.
      const counted = sql`
        update a2a_outbox set attempts = ${attempts + 1}, attempt_log = ${logged(entry, attempt)} where id = ${Number(id)} and dead_at is null and attempts = ${attempts}`;
      if ((await session.run(counted)) > 0) await delay(session, entry, delayMs);
    });
  }

  async deadLetter(id: string, reason: string, attempt?: DeliveryAttempt): Promise<number> {
    if (!isRowId(id)) return 0;
    await this.#settle(id, async (session, entry) => {
      const dead = sql`
        update a2a_outbox set dead_at = ${NOW}, dead_reason = ${storedText(reason)}, attempts = attempts + ${attempt ? 1 : 0},
          attempt_log = ${logged(entry, attempt)}
        where id = ${Number(id)} and dead_at is null`;
      if ((await session.run(dead)) > 0) await showNext(session, entry, sql`given_up = given_up + 1`);
    });
    const [config] = await this.db.query<{ given_up: number }>(sql`
      select c.given_up from a2a_push_config c
      join a2a_outbox o on o.task_id = c.task_id and o.config_key = c.config_key
      where o.id = ${Number(id)} and o.dead_at is not null`);
    return config?.given_up ?? 0;
  }

  onOwed(listener: () => void): () => void {
    return listen(this.owed, listener);
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

  /** Runs `work` on an entry that is still owed. Of two callers the second finds that its statements match nothing. */
  async #settle(id: string, work: (session: SqlSession, entry: Entry) => Promise<void>): Promise<void> {
    if (!isRowId(id)) return;
    await this.db.write(async (session) => {
      const [entry] = await session.query<Entry>(
        sql`select task_id, config_key, seq, attempt_log from a2a_outbox where id = ${Number(id)} and dead_at is null`,
      );
      if (entry) await work(session, entry);
    });
  }
}

/** The log of an entry with one attempt more, as it is stored. */
const logged = ({ attempt_log }: Entry, attempt: DeliveryAttempt | undefined): string | null =>
  attempt ? JSON.stringify(withAttempt(attemptsOf(attempt_log), attempt)) : attempt_log;

/**
 * Makes the next delivery due immediately, if there is one. A transaction that adds deliveries also updates the row of the queue, so
 * either this statement waits for it, or it sees the result of this statement.
 */
async function showNext(session: SqlSession, entry: Entry, change: Sql): Promise<void> {
  const next = sql`case when owed_seq > ${entry.seq} or redriven then ${NOW} end`;
  await session.run(sql`update a2a_push_queue set due_at = ${next} where ${ofQueue(entry)}`);
  await session.run(sql`update a2a_push_config set ${change} where ${ofQueue(entry)}`);
}

const delay = async (session: SqlSession, entry: Queue, delayMs: number): Promise<void> =>
  void (await session.run(sql`update a2a_push_queue set due_at = ${later(delayMs)} where ${ofQueue(entry)}`));
