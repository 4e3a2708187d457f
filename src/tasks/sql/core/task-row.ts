import type { TaskScope } from '../../../security/call-context.js';
import { type TaskRow, claimOf } from '../../core/task-row.js';
import type { TaskRef } from '../../core/task-rows.interface.js';
import type { ClaimedRun } from '../../run-store.interface.js';
import type { TaskRecord } from '../../task-record.js';
import { OPEN_SQL, RESTING_SQL, TERMINAL_SQL, fromStored } from '../../task-states.js';
import { scopeKey } from './keys.js';
import { type Sql, raw, sql } from './sql.js';
import { withMembers } from '../../../common/with-members.js';

/** Lists of stored states for `in`. */
export const [OPEN, TERMINAL, RESTING] = [raw(OPEN_SQL), raw(TERMINAL_SQL), raw(RESTING_SQL)];

/** A task of the caller: filters a2a_task, aliased `t`. */
export const inScope = (scope: TaskScope, taskId: string): Sql =>
  sql`t.task_id = ${taskId} and t.scope = ${scopeKey(scope)}`;

/** A task, of the caller if there is one: filters a2a_task, aliased `t`. */
export const inTask = ({ taskId, scope }: TaskRef): Sql =>
  scope ? inScope(scope, taskId) : sql`t.task_id = ${taskId}`;

/** Columns of a2a_task, aliased `t`. */
export const TASK_COLUMN_NAMES = `t.task_id, t.context_id, t.owner, t.tenant, t.agent, t.state, t.status_at, t.last_seq, t.bytes,
  t.run_owner, t.fence, t.turn, t.attempt, t.crashes, t.failures, t.cancel_requested_at, t.trimmed_seq,
  t.not_before is not null as queued`;

export const TASK_COLUMNS = raw(TASK_COLUMN_NAMES);

/** A time as databases return it: milliseconds since the epoch, or a Date. */
export type SqlTime = Date | number;

export interface SqlTaskRow {
  task_id: string;
  context_id: string;
  owner: string;
  tenant: string;
  agent: string;
  state: string;
  status_at: SqlTime;
  last_seq: number;
  bytes: number;
  run_owner: string | null;
  fence: number;
  turn: number;
  attempt: number;
  crashes: number;
  failures: number;
  cancel_requested_at: SqlTime | null;
  trimmed_seq: number;
  queued: boolean | number;
}

export const timeOf = (time: SqlTime): string => new Date(time).toISOString();

export function toHead(row: SqlTaskRow): TaskRecord {
  return {
    owner: row.owner,
    tenant: row.tenant,
    agent: row.agent,
    taskId: row.task_id,
    contextId: row.context_id,
    state: fromStored(row.state),
    statusAt: timeOf(row.status_at),
    lastSeq: row.last_seq,
    bytes: row.bytes,
    ...(row.run_owner !== null && { runOwner: row.run_owner }),
    fence: row.fence,
    turn: row.turn,
    attempt: row.attempt,
    ...(row.cancel_requested_at !== null && { cancelRequestedAt: timeOf(row.cancel_requested_at) }),
    trimmedSeq: row.trimmed_seq,
  };
}

/** The row as the rules see it. */
export const toRow = (row: SqlTaskRow): TaskRow =>
  withMembers(toHead(row), { crashes: row.crashes, failures: row.failures, queued: Boolean(row.queued) });

export const toClaim = (row: SqlTaskRow): ClaimedRun => claimOf(toRow(row));
