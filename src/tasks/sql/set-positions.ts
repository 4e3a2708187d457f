import { isInterrupted, isTerminal } from '../../protocol/state/task-state.js';
import { statusTime } from '../status-time.js';
import type { RunAppend } from '../task-store.interface.js';
import { TERMINAL_SQL, toStored } from '../task-states.js';
import { scopeKey } from './keys.js';
import type { SqlSession, SqlValue } from './sql-session.js';
import { byTask, marks } from './statement-parts.js';

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
  const chunks = appends.filter(({ events }) => events.every(({ state }) => state === undefined)).map(positionOf);
  let moved = chunks.length > 0 ? await moveAll(session, chunks) : 0;
  for (const append of appends) {
    if (append.events.some(({ state }) => state !== undefined)) moved += await moveOne(session, append);
  }
  if (moved !== appends.length) throw new Error('A task was changed while its row was locked.');
}

/** Appends that only extend logs, in one statement. */
async function moveAll(session: SqlSession, positions: readonly Position[]): Promise<number> {
  const of = (valueOf: (position: Position) => SqlValue) => byTask(positions, valueOf);
  const [last, bytes] = [of((position) => position.last), of((position) => position.bytes)];
  const conditions = [
    { column: 'scope', ...of(({ scope }) => scope) },
    { column: 'fence', ...of(({ fence }) => fence) },
    { column: 'last_seq', ...of(({ before }) => before) },
  ];
  const where = conditions.map(({ column, sql }) => `${column} = ${sql}`).join(' and ');
  return session.run(
    `update a2a_task set last_seq = ${last.sql}, bytes = bytes + ${bytes.sql}
     where task_id in (${marks(positions.length)}) and state not in ${TERMINAL_SQL} and ${where}`,
    [
      ...last.values,
      ...bytes.values,
      ...positions.map(({ taskId }) => taskId),
      ...conditions.flatMap(({ values }) => values),
    ],
  );
}

async function moveOne(session: SqlSession, append: RunAppend): Promise<number> {
  const { taskId, scope, fence, before, last, bytes } = positionOf(append);
  const { events, firstSeq } = append;
  const status = events.findLast(({ state }) => state !== undefined);
  const state = status?.state ?? 'TASK_STATE_WORKING';
  const statusAt = Date.parse(statusTime(status?.statusAt) ?? '');
  const begun = events.findLastIndex(({ inbound }) => inbound !== undefined);
  const ended = isTerminal(state);
  const restedAt = ended || isInterrupted(state) ? session.dialect.now : 'null';
  return session.run(
    `update a2a_task set last_seq = ?, bytes = bytes + ?, state = ?, status_at = ?,
       begun_seq = coalesce(?, begun_seq), rested_at = ${restedAt}${ended ? ', run_owner = null' : ''}
     where task_id = ? and scope = ? and fence = ? and last_seq = ? and state not in ${TERMINAL_SQL}`,
    [
      ...[last, bytes, toStored(state), statusAt, begun < 0 ? null : firstSeq + begun],
      ...[taskId, scope, fence, before],
    ],
  );
}

const positionOf = ({ run, firstSeq, events }: RunAppend): Position => ({
  taskId: run.taskId,
  scope: scopeKey(run),
  fence: run.fence,
  before: firstSeq - 1,
  last: firstSeq + events.length - 1,
  bytes: events.reduce((sum, event) => sum + event.bytes, 0),
});
