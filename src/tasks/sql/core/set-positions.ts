import { isInterrupted, isTerminal } from '../../../protocol/state/task-state.js';
import { statusTime } from '../../status-time.js';
import { toStored } from '../../task-states.js';
import type { RunAppend } from '../../task-store.interface.js';
import { scopeKey } from './keys.js';
import { NOW, type Sql, type SqlValue, among, join, raw, sql, timeValue } from './sql.js';
import type { SqlSession } from './sql-database.interface.js';
import { TERMINAL } from './task-row.js';

interface Position {
  readonly taskId: string;
  readonly scope: string;
  readonly fence: number;
  readonly before: number;
  readonly last: number;
  readonly bytes: number;
}

/**
 * Moves the positions of tasks to the end of their appends. The statement itself refuses a foreign scope, an old fence, another
 * last_seq and a task that has ended: then it throws, and the whole transaction is rolled back.
 */
export async function setPositions(session: SqlSession, appends: readonly RunAppend[]): Promise<void> {
  const chunks = appends.filter((append) => !setsState(append));
  let moved = chunks.length > 0 ? await session.run(moveAll(chunks.map(positionOf))) : 0;
  for (const append of appends) if (setsState(append)) moved += await session.run(moveOne(append));
  if (moved !== appends.length) throw new Error('A task was changed while its row was locked.');
}

const setsState = ({ events }: RunAppend): boolean => events.some(({ state }) => state !== undefined);

/** Appends that only extend logs, in one statement. */
function moveAll(positions: readonly Position[]): Sql {
  const of = (valueOf: (position: Position) => SqlValue): Sql => {
    const cases = positions.map((position) => sql`when ${position.taskId} then ${valueOf(position)}`);
    return sql`case task_id ${join(cases, ' ')} end`;
  };
  return sql`
update a2a_task set last_seq = ${of(({ last }) => last)}, bytes = bytes + ${of(({ bytes }) => bytes)}
where task_id ${among(positions.map(({ taskId }) => taskId))} and state not in ${TERMINAL}
  and scope = ${of(({ scope }) => scope)} and fence = ${of(({ fence }) => fence)} and last_seq = ${of(({ before }) => before)}`;
}

function moveOne(append: RunAppend): Sql {
  const { taskId, scope, fence, before, last, bytes } = positionOf(append);
  const { events, firstSeq } = append;
  const status = events.findLast(({ state }) => state !== undefined);
  const state = status?.state ?? 'TASK_STATE_WORKING';
  const begun = events.findLastIndex(({ inbound }) => inbound !== undefined);
  const ended = isTerminal(state);
  const sets = [
    sql`last_seq = ${last}, bytes = bytes + ${bytes}, state = ${toStored(state)}`,
    sql`status_at = ${timeValue(statusTime(status?.statusAt) ?? '')}, reason = ${status?.reason}`,
    ended || isInterrupted(state) ? sql`rested_at = ${NOW}` : sql`rested_at = null`,
    ...(begun < 0 ? [] : [sql`begun_seq = ${firstSeq + begun}`]),
    ...(ended ? [raw('run_owner = null')] : []),
  ];
  return sql`
update a2a_task set ${join(sets)}
where task_id = ${taskId} and scope = ${scope} and fence = ${fence} and last_seq = ${before} and state not in ${TERMINAL}`;
}

const positionOf = ({ run, firstSeq, events }: RunAppend): Position => ({
  taskId: run.taskId,
  scope: scopeKey(run),
  fence: run.fence,
  before: firstSeq - 1,
  last: firstSeq + events.length - 1,
  bytes: events.reduce((sum, event) => sum + event.bytes, 0),
});
