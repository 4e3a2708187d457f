import type { KnownMessage } from '../core/message-rules.js';

const ID_LENGTH = 36;

/** The value stored for a message: the task's id and the digest, in one string. */
export const toKnownMessage = (kept: string): KnownMessage => ({
  taskId: kept.slice(0, ID_LENGTH),
  digest: kept.slice(ID_LENGTH),
});
