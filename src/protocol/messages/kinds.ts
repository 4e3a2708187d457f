import { TASK_STATES } from '../state/task-state.js';
import { REQUEST_LIMITS } from '../validation/limits.js';
import { integer, listOf, string, type EnumKind } from './kind.js';

const { idBytes, uriBytes, listItems } = REQUEST_LIMITS;

export const text = string();
/** An id made by a client, or one it got from here. */
export const id = string({ min: 1, max: idBytes });
/** The same where an empty one counts as left out. */
export const optionalId = string({ min: 1, max: idBytes, emptyIsUnset: true });
export const tenant = string({ max: idBytes });
export const texts = listOf(text);
export const uris = listOf(string({ min: 1, max: uriBytes }), { max: listItems });
export const mediaTypes = listOf(string({ min: 1, max: REQUEST_LIMITS.mediaTypeBytes }), { max: listItems });
export const historyLength = integer(0, REQUEST_LIMITS.historyLength);
export const pageSize = integer(1, REQUEST_LIMITS.pageSize, 50);
export const pageToken = string({ max: REQUEST_LIMITS.pageTokenBytes });
export const secret = string({ max: REQUEST_LIMITS.secretBytes });
export const scheme = string({ min: 1, max: REQUEST_LIMITS.schemeBytes });
/** Of answers, which this server makes. */
export const count = integer(0, 2_147_483_647);

export const role: EnumKind = {
  type: 'enum',
  names: ['ROLE_UNSPECIFIED', 'ROLE_USER', 'ROLE_AGENT'],
  description: 'must be ROLE_USER or ROLE_AGENT (user or agent in v0.3)',
};

/** On the wire this is a request for any status. */
export const ANY_STATUS = 'TASK_STATE_UNSPECIFIED';

export const taskState: EnumKind = {
  type: 'enum',
  names: [ANY_STATUS, ...TASK_STATES],
  description: 'must be the name of a task state, like TASK_STATE_WORKING',
};
