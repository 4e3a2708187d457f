import type { TaskState } from '../model/index.js';
import { isTerminal, TASK_STATES } from './task-state.js';

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
