import type { TaskState } from '../protocol/model/index.js';
import { TASK_STATES, isTerminal } from '../protocol/state/task-state.js';

/** TASK_STATE_INPUT_REQUIRED is stored as 'input-required'. */
export const toStored = (state: TaskState): string => state.slice('TASK_STATE_'.length).toLowerCase().replace('_', '-');

const FROM_STORED = new Map<string, TaskState>(TASK_STATES.map((state) => [toStored(state), state]));

export function fromStored(stored: string): TaskState {
  const state = FROM_STORED.get(stored);
  if (!state) throw new Error(`The database holds the task state '${stored}', which this version does not know.`);
  return state;
}

/** The terminal states as a list for SQL's `in`. */
export const TERMINAL_SQL = `(${TASK_STATES.filter(isTerminal)
  .map((state) => `'${toStored(state)}'`)
  .join(', ')})`;
