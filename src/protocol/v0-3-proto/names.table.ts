import { role, taskState } from '../messages/kinds.js';
import type { TaskState } from '../model/index.js';
import { V10_ROLES, V10_STATES } from '../v0-3/names.table.js';

/** The v0.3 proto spells one state with two l; its numbers, and all other names, are those of v1.0. */
const CANCELLED = 'TASK_STATE_CANCELLED';

export const toProtoState = (state: TaskState): string => (state === 'TASK_STATE_CANCELED' ? CANCELLED : state);

/** By name or number, and by the names of JSON-RPC, which prose of v0.3 shows for REST too. */
export const STATES: ReadonlyMap<unknown, string> = new Map<unknown, string>([
  ...taskState.names.entries(),
  [CANCELLED, 'TASK_STATE_CANCELED'],
  ...V10_STATES,
]);

export const ROLES: ReadonlyMap<unknown, string> = new Map<unknown, string>([...role.names.entries(), ...V10_ROLES]);
