import type { TaskState } from '../model/index.js';

/** Names of task states in storage; v0.3 writes the same on the wire. */
export type ShortState =
  'submitted' | 'working' | 'completed' | 'failed' | 'canceled' | 'input-required' | 'rejected' | 'auth-required';

export const SHORT_STATES: Readonly<Record<TaskState, ShortState>> = {
  TASK_STATE_SUBMITTED: 'submitted',
  TASK_STATE_WORKING: 'working',
  TASK_STATE_COMPLETED: 'completed',
  TASK_STATE_FAILED: 'failed',
  TASK_STATE_CANCELED: 'canceled',
  TASK_STATE_INPUT_REQUIRED: 'input-required',
  TASK_STATE_REJECTED: 'rejected',
  TASK_STATE_AUTH_REQUIRED: 'auth-required',
};

export const LONG_STATES: ReadonlyMap<string, TaskState> = new Map(
  (Object.entries(SHORT_STATES) as [TaskState, ShortState][]).map(([long, short]) => [short, long]),
);

export const shortState = (state: TaskState): ShortState => SHORT_STATES[state];

/** Throws RangeError for a name that no version of this server wrote. */
export function longState(short: string): TaskState {
  const state = LONG_STATES.get(short);
  if (state === undefined) throw new RangeError(`Unknown task state in storage: ${JSON.stringify(short)}`);
  return state;
}
