import type { Role, TaskState } from '../model/index.js';
import { LONG_STATES, SHORT_STATES } from '../state/short-state.js';
import type { V03Role, V03TaskState } from './v0-3.model.js';

/** v0.3 names of task states. `unknown` and UNSPECIFIED exist on wires only; no task is stored with them. */
export const V03_STATES: Readonly<Record<TaskState | 'TASK_STATE_UNSPECIFIED', V03TaskState>> = {
  ...SHORT_STATES,
  TASK_STATE_UNSPECIFIED: 'unknown',
};

export const V10_STATES: ReadonlyMap<string, TaskState | 'TASK_STATE_UNSPECIFIED'> = new Map<
  string,
  TaskState | 'TASK_STATE_UNSPECIFIED'
>([...LONG_STATES, ['unknown', 'TASK_STATE_UNSPECIFIED']]);

export const V03_ROLES: Readonly<Record<Role, V03Role>> = { ROLE_USER: 'user', ROLE_AGENT: 'agent' };

export const V10_ROLES: ReadonlyMap<string, Role> = new Map<string, Role>([
  ['user', 'ROLE_USER'],
  ['agent', 'ROLE_AGENT'],
]);
