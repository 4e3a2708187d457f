import type { TaskScope } from '../security/call-context.js';
import { type TaskRow, claimOf } from './core/task-row.js';
import type { ClaimedRun } from './run-store.interface.js';
import type { TaskRecord } from './task-record.js';
import { fromStored } from './task-states.js';

/** Columns of a2a_task, aliased `t`, in each SQL database. */
export const TASK_COLUMNS = `t.task_id, t.context_id, t.owner, t.tenant, t.agent, t.state, t.status_at, t.last_seq, t.bytes,
  t.run_owner, t.fence, t.turn, t.attempt, t.losses, t.failures, t.cancel_requested_at, t.trimmed_seq,
  t.not_before is not null as queued`;

/** `Time`: how the database returns a time, as a Date or as milliseconds since the epoch. */
export interface TaskColumns<Time extends Date | number> {
  task_id: string;
  context_id: string;
  owner: string;
  tenant: string;
  agent: string;
  state: string;
  status_at: Time;
  last_seq: number;
  bytes: number;
  run_owner: string | null;
  fence: number;
  turn: number;
  attempt: number;
  losses: number;
  failures: number;
  cancel_requested_at: Time | null;
  trimmed_seq: number;
  queued: boolean | number;
}

type Row = TaskColumns<Date | number>;

const scopeOf = ({ owner, tenant, agent }: Row): TaskScope => ({ owner, tenant, agent });

export const timeOf = (time: Date | number): string => new Date(time).toISOString();

export function toHead(row: Row): TaskRecord {
  return {
    ...scopeOf(row),
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
export const toRow = (row: Row): TaskRow => ({
  ...toHead(row),
  losses: row.losses,
  failures: row.failures,
  queued: Boolean(row.queued),
});

export const toClaim = (row: Row): ClaimedRun => claimOf(toRow(row));
