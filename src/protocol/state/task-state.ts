import type { TaskState } from '../model/index.js';

/** By their numbers in a2a.proto, from 1 on. */
export const TASK_STATES = [
  'TASK_STATE_SUBMITTED',
  'TASK_STATE_WORKING',
  'TASK_STATE_COMPLETED',
  'TASK_STATE_FAILED',
  'TASK_STATE_CANCELED',
  'TASK_STATE_INPUT_REQUIRED',
  'TASK_STATE_REJECTED',
  'TASK_STATE_AUTH_REQUIRED',
] as const;

/** A task in one of these never changes again. Spec 4.1.3. */
export const TERMINAL_STATES: ReadonlySet<TaskState> = new Set<TaskState>([
  'TASK_STATE_COMPLETED',
  'TASK_STATE_FAILED',
  'TASK_STATE_CANCELED',
  'TASK_STATE_REJECTED',
]);

/** A task in one of these waits for its client. Spec 4.1.3. */
export const INTERRUPTED_STATES: ReadonlySet<TaskState> = new Set<TaskState>([
  'TASK_STATE_INPUT_REQUIRED',
  'TASK_STATE_AUTH_REQUIRED',
]);

export const isTerminal = (state: TaskState): boolean => TERMINAL_STATES.has(state);
export const isInterrupted = (state: TaskState): boolean => INTERRUPTED_STATES.has(state);

const STATES: ReadonlySet<string> = new Set(TASK_STATES);

/**
 * Whether a stored task may go from one state to another (or report the same one again). The protocol draws no table; it
 * says that terminal states are final (spec 3.1.2, 4.1.3), so from them nothing is allowed. From the others everything is,
 * with one exception: work that has begun does not become unbegun, so WORKING never goes back to SUBMITTED. An interrupted
 * task may: its next turn was accepted and waits to start. Names that are no state of a task
 * (`TASK_STATE_UNSPECIFIED`) are never allowed.
 */
export function canTransition(from: TaskState, to: string): to is TaskState {
  if (isTerminal(from) || !STATES.has(to)) return false;
  return !(from === 'TASK_STATE_WORKING' && to === 'TASK_STATE_SUBMITTED');
}
