import type { Subject } from 'rxjs';
import { listen } from '../../common/listen.js';
import { DUE_PAGE, type DuePage, DuePages, firstDue } from '../due-pages.js';
import { EVENT_COLUMNS, type EventRow, KIND_CODES, toEvent } from '../event-row.js';
import type { DueDelivery, Outbox, OutboxEntry, TakeOptions } from '../outbox.interface.js';
import { CONFIG_COLUMNS, type PushConfigRow, toPushConfig } from '../push-config-row.js';
import { pushHost } from '../push-host.js';
import { isRowId } from '../row-ids.js';
import type { SqlDatabase } from './sql-database.js';
import type { SqlSession } from './sql-session.js';
import { marks } from './statement-parts.js';

/** The next delivery of a config, among all that it is owed. */
const NEXT = `
select o.id from a2a_outbox o
where o.task_id = c.task_id and o.config_key = c.config_key and o.dead_at is null order by o.id limit 1`;

const ARTIFACTS: readonly number[] = [KIND_CODES.artifact, KIND_CODES.artifactWithMetadata];

const QUEUE = 'where task_id = ? and config_key = ?';

interface DueRow {
  task_id: string;
  config_key: string;
  due_at: number;
  url: string;
  owner: string;
}

interface DueConfig extends DueDelivery {
  readonly taskId: string;
  readonly key: string;
}

type Place = readonly [dueAt: number, taskId: string, key: string];

type TakenRow = EventRow &
  PushConfigRow & {
    id: number;
    attempts: number;
    given_up: number;
    newest: number;
    task_id: string;
    context_id: string;
    owner: string;
    tenant: string;
    agent: string;
  };

interface Entry {
  task_id: string;
  config_key: string;
}

/** The deliveries that are owed. The time of a config's next delivery is stored once per config, not per delivery. */
export class SqlOutbox implements Outbox {
  readonly #pages = new DuePages<DueConfig, Place>((from) => this.#page(from));

  constructor(
    private readonly db: SqlDatabase,
    private readonly owed: Subject<void>,
  ) {}

  async take(
    limit: number,
    leaseMs: number,
    { maxBytes = Number.MAX_SAFE_INTEGER, choose = firstDue }: TakeOptions = {},
  ): Promise<OutboxEntry[]> {
    const chosen = await this.#pages.choose(limit, choose);
    if (chosen.length === 0) return [];
    return this.db.write((session) => claim(session, chosen, Math.round(leaseMs), maxBytes));
  }

  async complete(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      await this.#settle(id, async (session, { task_id: taskId, config_key: key }) => {
        const sql = `delete from a2a_outbox where id = ? and dead_at is null`;
        if ((await session.run(sql, [Number(id)])) > 0) await showNext(session, taskId, key, 'given_up = 0');
      });
    }
  }

  async skipFollowed(id: string): Promise<void> {
    await this.#settle(id, async (session, { task_id: taskId, config_key: key }) => {
      const owed = await session.query<{ id: number; kind: number }>(
        `select o.id, e.kind from a2a_outbox o join a2a_event e on e.task_id = o.task_id and e.seq = o.seq
         where o.task_id = ? and o.config_key = ? and o.dead_at is null order by o.id`,
        [taskId, key],
      );
      const kept = owed.find(({ kind }) => !ARTIFACTS.includes(Number(kind))) ?? owed.at(-1);
      if (!kept) return;
      const sql = `delete from a2a_outbox where task_id = ? and config_key = ? and dead_at is null and id < ?`;
      await session.run(sql, [taskId, key, kept.id]);
      await delay(session, { task_id: taskId, config_key: key }, 0);
    });
  }

  async release(ids: readonly string[], delayMs: number): Promise<void> {
    for (const id of ids) await this.#settle(id, (session, entry) => delay(session, entry, delayMs));
  }

  async retry({ id, attempts }: Pick<OutboxEntry, 'id' | 'attempts'>, delayMs: number): Promise<void> {
    const sql = `update a2a_outbox set attempts = ? where id = ? and dead_at is null and attempts = ?`;
    await this.#settle(id, async (session, entry) => {
      if ((await session.run(sql, [attempts + 1, Number(id), attempts])) > 0) await delay(session, entry, delayMs);
    });
  }

  async deadLetter(id: string, reason: string): Promise<number> {
    const givenUp = await this.#settle(id, async (session, { task_id: taskId, config_key: key }) => {
      const sql = `update a2a_outbox set dead_at = ${session.dialect.now}, dead_reason = ? where id = ? and dead_at is null`;
      if ((await session.run(sql, [reason.replaceAll('\0', '\uFFFD'), Number(id)])) === 0) return 0;
      await showNext(session, taskId, key, 'given_up = given_up + 1');
      const [config] = await session.query<{ given_up: number }>(`select given_up from a2a_push_config ${QUEUE}`, [
        taskId,
        key,
      ]);
      return config?.given_up;
    });
    return givenUp ?? (await this.#buried(id));
  }

  onOwed(listener: () => void): () => void {
    return listen(this.owed, listener);
  }

  async #page([dueAt, taskId, key]: Place = [-1, '', '']): Promise<DuePage<DueConfig, Place>> {
    const rows = await this.db.query<DueRow>(
      `select c.task_id, c.config_key, c.due_at, c.url, t.owner
       from a2a_push_config c join a2a_task t on t.task_id = c.task_id
       where c.due_at <= ${this.db.dialect.now} and c.due_at >= ?
         and (c.due_at > ? or c.task_id > ? or (c.task_id = ? and c.config_key > ?))
       order by c.due_at, c.task_id, c.config_key limit ?`,
      [dueAt, dueAt, taskId, taskId, key, DUE_PAGE],
    );
    const last = rows.length < DUE_PAGE ? undefined : rows.at(-1);
    const due = rows.map((row) => ({
      owner: row.owner,
      host: pushHost(row.url),
      dueAt: Number(row.due_at),
      taskId: row.task_id,
      key: row.config_key,
    }));
    return { due, ...(last && { next: [Number(last.due_at), last.task_id, last.config_key] as const }) };
  }

  /** The config's count of an entry that is already dead-lettered. */
  async #buried(id: string): Promise<number> {
    if (!isRowId(id)) return 0;
    const [config] = await this.db.query<{ given_up: number }>(
      `select c.given_up from a2a_push_config c
       join a2a_outbox o on o.task_id = c.task_id and o.config_key = c.config_key
       where o.id = ? and o.dead_at is not null`,
      [Number(id)],
    );
    return config?.given_up ?? 0;
  }

  /** Runs `work` on an entry that is still owed, with the row of its config locked. */
  async #settle<T>(id: string, work: (session: SqlSession, entry: Entry) => Promise<T>): Promise<T | undefined> {
    if (!isRowId(id)) return undefined;
    return this.db.write(async (session) => {
      const [entry] = await session.query<Entry>(
        `select task_id, config_key from a2a_outbox where id = ? and dead_at is null`,
        [Number(id)],
      );
      if (!entry) return undefined;
      const lock = `select task_id from a2a_push_config ${QUEUE} ${session.dialect.forUpdate}`;
      await session.query(lock, [entry.task_id, entry.config_key]);
      return work(session, entry);
    });
  }
}

/** Takes the oldest delivery of each of these configs that is still due, except deliveries that another taker has locked. */
async function claim(
  session: SqlSession,
  chosen: readonly DueConfig[],
  leaseMs: number,
  maxBytes: number,
): Promise<OutboxEntry[]> {
  const { now, skipLocked } = session.dialect;
  const due: { taskId: string; key: string; id: number | null }[] = [];
  for (const { taskId, key } of chosen) {
    const [row] = await session.query<{ id: number | null }>(
      `select (${NEXT}) as id from a2a_push_config c
       where c.task_id = ? and c.config_key = ? and c.due_at <= ${now} ${skipLocked}`,
      [taskId, key],
    );
    if (row) due.push({ taskId, key, id: row.id });
  }
  const ids = due.flatMap(({ id }) => (id === null ? [] : [id]));
  const taken = new Set(await fitting(session, ids, maxBytes));
  for (const { taskId, key, id } of due) {
    if (id !== null && !taken.has(id)) continue;
    const dueAt = id === null ? 'null' : `${now} + ${leaseMs}`;
    await session.run(`update a2a_push_config set due_at = ${dueAt} ${QUEUE}`, [taskId, key]);
  }
  return entriesOf(session, [...taken]);
}

/** The first entries whose events have `maxBytes` in total, and the entry that exceeds them; at least one. */
async function fitting(session: SqlSession, ids: readonly number[], maxBytes: number): Promise<number[]> {
  if (ids.length === 0) return [];
  const rows = await session.query<{ id: number; bytes: number }>(
    `select o.id, e.bytes from a2a_outbox o join a2a_event e on e.task_id = o.task_id and e.seq = o.seq
     where o.id in (${marks(ids.length)})`,
    ids,
  );
  const sizes = new Map(rows.map(({ id, bytes }) => [id, bytes]));
  let before = 0;
  return ids.filter((id) => {
    const fits = before < maxBytes;
    before += sizes.get(id) ?? 0;
    return fits;
  });
}

async function entriesOf(session: SqlSession, ids: readonly number[]): Promise<OutboxEntry[]> {
  if (ids.length === 0) return [];
  const rows = await session.query<TakenRow>(
    `select o.id, o.attempts, c.given_up, t.task_id, t.context_id, t.owner, t.tenant, t.agent, ${EVENT_COLUMNS}, ${CONFIG_COLUMNS},
       (select max(newer.id) from a2a_outbox newer
        where newer.task_id = o.task_id and newer.config_key = o.config_key and newer.dead_at is null) as newest
     from a2a_outbox o
     join a2a_task t on t.task_id = o.task_id
     join a2a_event e on e.task_id = o.task_id and e.seq = o.seq
     join a2a_push_config c on c.task_id = o.task_id and c.config_key = o.config_key
     where o.id in (${marks(ids.length)})`,
    ids,
  );
  const byId = new Map(rows.map((row) => [Number(row.id), row]));
  return ids.flatMap((id) => {
    const row = byId.get(Number(id));
    return row ? [toEntry(row)] : [];
  });
}

const toEntry = (row: TakenRow): OutboxEntry => ({
  id: String(row.id),
  config: toPushConfig(row),
  scope: { owner: row.owner, tenant: row.tenant, agent: row.agent },
  attempts: row.attempts,
  givenUp: row.given_up,
  followed: Number(row.newest) > Number(row.id),
  event: toEvent({ taskId: row.task_id, contextId: row.context_id }, row),
});

/** Makes the next delivery due immediately, if there is one. */
async function showNext(session: SqlSession, taskId: string, key: string, change: string): Promise<void> {
  const [next] = await session.query<{ id: number | null }>(
    `select (${NEXT}) as id from a2a_push_config c where c.task_id = ? and c.config_key = ?`,
    [taskId, key],
  );
  const dueAt = next?.id == null ? 'null' : session.dialect.now;
  await session.run(`update a2a_push_config set due_at = ${dueAt}, ${change} ${QUEUE}`, [taskId, key]);
}

async function delay(session: SqlSession, entry: Entry, delayMs: number): Promise<void> {
  const dueAt = `${session.dialect.now} + ${Math.round(delayMs)}`;
  await session.run(`update a2a_push_config set due_at = ${dueAt} ${QUEUE}`, [entry.task_id, entry.config_key]);
}
