import { attemptsOf } from '../../admin/delivery-attempt.js';
import type { DecideDelivery, DeliveryPatch } from '../../core/delivery-rules.js';
import { isRowId } from '../../row-ids.js';
import { listActive } from './patch-webhooks.js';
import { FOR_UPDATE, NOW, type Sql, join, later, raw, sql } from './sql.js';
import type { SqlSession } from './sql-database.interface.js';
import { storedText } from './stored-text.js';

interface Entry {
  readonly task_id: string;
  readonly config_key: string;
  readonly seq: number;
  readonly attempts: number;
  readonly attempt_log: string | null;
  readonly is_dead: boolean | number;
  readonly given_up: number;
  readonly is_behind: boolean | number;
}

/** Of the outbox `o`: something older is owed to the same config. */
export const BEHIND = `exists (select 1 from a2a_outbox n
  where n.task_id = o.task_id and n.config_key = o.config_key and n.dead_at is null and n.id < o.id)`;

const ENTRY = raw(`
select o.task_id, o.config_key, o.seq, o.attempts, o.attempt_log, o.dead_at is not null as is_dead, c.given_up, ${BEHIND} as is_behind
from a2a_outbox o
join a2a_push_queue q on q.task_id = o.task_id and q.config_key = o.config_key
join a2a_push_config c on c.task_id = o.task_id and c.config_key = o.config_key`);

/**
 * Applies what is decided, as `DeliveryRows.change` asks for one delivery. Locks its row, then that of its queue, then that of its
 * config. What enables the config needs the lock of the task before.
 */
export async function decideOnDelivery<T>(session: SqlSession, id: string, decide: DecideDelivery<T>): Promise<T> {
  if (!isRowId(id)) return decide(undefined).result;
  const [entry] = await session.query<Entry>(sql`${ENTRY} where o.id = ${Number(id)} ${FOR_UPDATE}`);
  const { patch, result } = decide(entry && rowOf(entry));
  if (entry && patch) await applyPatch(session, id, entry, patch);
  return result;
}

const rowOf = ({ attempts, attempt_log, is_dead, is_behind, given_up }: Entry) => ({
  attempts,
  attemptLog: attemptsOf(attempt_log),
  isDead: Boolean(is_dead),
  isOldest: !is_behind,
  givenUp: given_up,
});

async function applyPatch(session: SqlSession, id: string, entry: Entry, patch: DeliveryPatch): Promise<void> {
  const { deleted, attempts, attemptLog, dead, givenUp = entry.given_up, enabled } = patch;
  const ofConfig = sql`where task_id = ${entry.task_id} and config_key = ${entry.config_key}`;
  const ofEntry = sql`where id = ${Number(id)}`;
  if (deleted) await session.run(sql`delete from a2a_outbox ${ofEntry}`);
  else {
    await update(session, 'a2a_outbox', ofEntry, [
      attempts !== undefined && sql`attempts = ${attempts}`,
      attemptLog && sql`attempt_log = ${JSON.stringify(attemptLog)}`,
      dead === null && sql`dead_at = null, dead_reason = null`,
      typeof dead === 'string' && sql`dead_at = ${NOW}, dead_reason = ${storedText(dead)}`,
    ]);
  }
  await update(session, 'a2a_push_queue', ofConfig, [due(entry, patch), dead === null && raw('redriven = true')]);
  await update(session, 'a2a_push_config', ofConfig, [
    givenUp !== entry.given_up && sql`given_up = ${givenUp}`,
    enabled && raw('disabled_at = null'),
  ]);
  if (enabled) await listActive(session, entry.task_id);
}

/**
 * A transaction that adds deliveries also updates the row of the queue, so either this one waits for it, or it sees the result of this
 * one.
 */
function due({ seq }: Entry, { deleted, dead, dueInMs }: DeliveryPatch): Sql | undefined {
  if (dueInMs === undefined) return undefined;
  const time = later(dueInMs);
  return deleted || typeof dead === 'string'
    ? sql`due_at = case when owed_seq > ${seq} or redriven then ${time} end`
    : sql`due_at = ${time}`;
}

async function update(
  session: SqlSession,
  table: string,
  which: Sql,
  sets: readonly (Sql | false | undefined)[],
): Promise<void> {
  const changes = sets.filter((set) => set instanceof Object);
  if (changes.length > 0) await session.run(sql`update ${raw(table)} set ${join(changes)} ${which}`);
}
