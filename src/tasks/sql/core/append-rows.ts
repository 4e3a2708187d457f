import { appendRefusal } from '../../core/append-rules.js';
import type { Submitted } from '../../group-commit.js';
import { isPushed } from '../../is-pushed.js';
import { isRowId } from '../../row-ids.js';
import { fromStored } from '../../task-states.js';
import type { AppendResult, RunAppend } from '../../task-store.interface.js';
import { NEW_EVENT_COLUMNS, eventValues } from './event-columns.js';
import { insertRows } from './insert-rows.js';
import { scopeKey } from './keys.js';
import { oweEvents } from './owe-events.js';
import { setPositions } from './set-positions.js';
import { FOR_UPDATE, NOW, among, sql } from './sql.js';
import type { SqlDatabase, SqlSession } from './sql-database.interface.js';
import { type AppendOutcome, type AppendWriter, appended, refusedAppend } from './task-appender.js';

interface LockedRow {
  task_id: string;
  scope: string;
  fence: number;
  last_seq: number;
  state: string;
  push_configs: string | null;
}

/** Appends as a transaction of several statements. */
export const appendRows = (db: SqlDatabase): AppendWriter => ({
  write: (batch) => db.write((session) => write(session, batch)),
  close: () => Promise.resolve(),
});

async function write(session: SqlSession, batch: readonly Submitted<RunAppend>[]): Promise<AppendOutcome> {
  const rows = await lock(session, batch);
  const results: AppendResult[] = [];
  const accepted: RunAppend[] = [];
  for (const submitted of batch) {
    const result = await judge(session, submitted, rows.get(submitted.item.run.taskId));
    results.push(result ?? appended(submitted.item));
    if (!result) accepted.push(submitted.item);
  }
  if (accepted.length === 0) return { results, owes: false };
  await setPositions(session, accepted);
  await insertRows(session, 'a2a_event', NEW_EVENT_COLUMNS, accepted.flatMap(eventRows));
  await consume(session, accepted);
  const owed = accepted
    .map(({ run, firstSeq, events }) => ({
      taskId: run.taskId,
      configs: rows.get(run.taskId)?.push_configs ?? null,
      seqs: events.flatMap((event, index) => (isPushed(event) ? [firstSeq + index] : [])),
    }))
    .filter(({ configs, seqs }) => configs !== null && seqs.length > 0);
  await oweEvents(session, owed);
  return { results, owes: owed.length > 0 };
}

/** Locks the rows of the batch until the commit, so that nobody else changes them. All code locks rows in the order of their ids. */
async function lock(
  session: SqlSession,
  batch: readonly Submitted<RunAppend>[],
): Promise<ReadonlyMap<string, LockedRow>> {
  const ids = batch.map(({ item }) => item.run.taskId).sort();
  const rows = await session.query<LockedRow>(sql`
    select task_id, scope, fence, last_seq, state, push_configs from a2a_task
    where task_id ${among(ids)} order by task_id ${FOR_UPDATE}`);
  return new Map(rows.map((row) => [row.task_id, row]));
}

/** Why the run may not append; undefined: it may. */
async function judge(
  session: SqlSession,
  { item, retried }: Submitted<RunAppend>,
  row: LockedRow | undefined,
): Promise<AppendResult | undefined> {
  const { run, firstSeq, events } = item;
  const mine = row?.scope === scopeKey(run) ? row : undefined;
  const found = mine && { state: fromStored(mine.state), fence: mine.fence, lastSeq: mine.last_seq };
  if (!appendRefusal(found, item)) return undefined;
  const last = events.at(-1);
  if (!mine || !retried || !last) return refusedAppend(item, mine, false);
  const [there] = await session.query<{ fence: number; data: string }>(sql`
    select fence, data from a2a_event where task_id = ${run.taskId} and seq = ${firstSeq + events.length - 1}`);
  return refusedAppend(item, mine, there?.fence === run.fence && there.data === last.data);
}

async function consume(session: SqlSession, appends: readonly RunAppend[]): Promise<void> {
  for (const { run, consumes } of appends) {
    if (consumes === undefined || !isRowId(consumes)) continue;
    await session.run(sql`delete from a2a_inbox where id = ${Number(consumes)} and task_id = ${run.taskId}`);
  }
}

const eventRows = ({ run, firstSeq, events }: RunAppend) =>
  events.map((event, index) => eventValues(run.taskId, firstSeq + index, run.fence, event, NOW));
