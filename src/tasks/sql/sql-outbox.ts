import { EVENT_COLUMNS, type EventRow, toEvent } from '../event-row.js';
import type { Outbox, OutboxEntry } from '../outbox.interface.js';
import type { OwedSignal } from '../owed-signal.js';
import { CONFIG_COLUMNS, type PushConfigRow, toPushConfig } from '../push-config-row.js';
import { isRowId } from '../row-ids.js';
import type { SqlDatabase } from './sql-database.js';
import type { SqlSession } from './sql-session.js';
import { marks } from './statement-parts.js';

/** The next of a config, of all that is owed to it. */
const NEXT = `
select o.id from a2a_outbox o
where o.task_id = c.task_id and o.config_key = c.config_key and o.dead_at is null order by o.id limit 1`;

const QUEUE = 'where task_id = ? and config_key = ?';

interface DueRow {
  task_id: string;
  config_key: string;
  id: number | null;
}

type TakenRow = EventRow & PushConfigRow & { id: number; attempts: number; task_id: string; context_id: string };

interface Entry {
  task_id: string;
  config_key: string;
}

/** Deliveries that are owed. When the next of a config is due is said once for the config, not in each delivery. */
export class SqlOutbox implements Outbox {
  constructor(
    private readonly db: SqlDatabase,
    private readonly owed: OwedSignal,
  ) {}

  take(limit: number, leaseMs: number, maxBytes = Number.MAX_SAFE_INTEGER): Promise<OutboxEntry[]> {
    return this.db.write(async (session) => {
      const { now, skipLocked } = session.dialect;
      const due = await session.query<DueRow>(
        `select c.task_id, c.config_key, (${NEXT}) as id from a2a_push_config c
         where c.due_at <= ${now} order by c.due_at limit ? ${skipLocked}`,
        [limit],
      );
      const ids = due.flatMap(({ id }) => (id === null ? [] : [id]));
      const taken = new Set(await fitting(session, ids, maxBytes));
      for (const { task_id: taskId, config_key: key, id } of due) {
        if (id !== null && !taken.has(id)) continue;
        const dueAt = id === null ? 'null' : `${now} + ${Math.round(leaseMs)}`;
        await session.run(`update a2a_push_config set due_at = ${dueAt} ${QUEUE}`, [taskId, key]);
      }
      return entriesOf(session, [...taken]);
    });
  }

  async complete(id: string): Promise<void> {
    await this.#settle(id, async (session, { task_id: taskId, config_key: key }) => {
      if ((await session.run(`delete from a2a_outbox where id = ? and dead_at is null`, [Number(id)])) === 0) return;
      await showNext(session, taskId, key, 'given_up = 0');
    });
  }

  async release(ids: readonly string[], delayMs: number): Promise<void> {
    for (const id of ids) await this.#settle(id, (session, entry) => delay(session, entry, delayMs));
  }

  async retry(id: string, delayMs: number): Promise<void> {
    const sql = `update a2a_outbox set attempts = attempts + 1 where id = ? and dead_at is null`;
    await this.#settle(id, async (session, entry) => {
      if ((await session.run(sql, [Number(id)])) > 0) await delay(session, entry, delayMs);
    });
  }

  async bury(id: string, reason: string): Promise<number> {
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
    return givenUp ?? 0;
  }

  onOwed(listener: () => void): () => void {
    return this.owed.onRing(listener);
  }

  /** Does it to an entry that is still owed, with its config's row locked. */
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

/** The entries of these whose events have `maxBytes` together, and the one that passes them; one at least. */
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
    `select o.id, o.attempts, t.task_id, t.context_id, ${EVENT_COLUMNS}, ${CONFIG_COLUMNS}
     from a2a_outbox o
     join a2a_task t on t.task_id = o.task_id
     join a2a_event e on e.task_id = o.task_id and e.seq = o.seq
     join a2a_push_config c on c.task_id = o.task_id and c.config_key = o.config_key
     where o.id in (${marks(ids.length)}) order by o.id`,
    ids,
  );
  return rows.map((row) => ({
    id: String(row.id),
    config: toPushConfig(row),
    attempts: row.attempts,
    event: toEvent({ taskId: row.task_id, contextId: row.context_id }, row),
  }));
}

/** The next is due at once, if there is one. */
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
