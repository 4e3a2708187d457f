import type { TaskState } from '../protocol/model/index.js';
import { TASK_STATES, isInterrupted, isTerminal } from '../protocol/state/task-state.js';

/** TASK_STATE_INPUT_REQUIRED is stored as 'input-required'. */
export const toStored = (state: TaskState): string => state.slice('TASK_STATE_'.length).toLowerCase().replace('_', '-');

const FROM_STORED = new Map<string, TaskState>(TASK_STATES.map((state) => [toStored(state), state]));

export function fromStored(stored: string): TaskState {
  const state = FROM_STORED.get(stored);
  if (!state) throw new Error(`The database holds the task state '${stored}', which this version does not know.`);
  return state;
}

const listed = (states: readonly TaskState[]): string =>
  `(${states.map((state) => `'${toStored(state)}'`).join(', ')})`;

/** The terminal states as a list for SQL's `in`. */
export const TERMINAL_SQL = listed(TASK_STATES.filter(isTerminal));

/** All other states, in the same form. */
export const OPEN_SQL = listed(TASK_STATES.filter((state) => !isTerminal(state)));

/** The states in which a task has settled: the terminal and the interrupted ones. */
export const RESTING_SQL = listed(TASK_STATES.filter((state) => isTerminal(state) || isInterrupted(state)));
