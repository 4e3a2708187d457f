import type { KnownMessage } from '../core/message-rules.js';

const ID_LENGTH = 36;

/** What is kept under a message: the task's id and the digest, in one text. */
export const toKnownMessage = (kept: string): KnownMessage => ({
  taskId: kept.slice(0, ID_LENGTH),
  digest: kept.slice(ID_LENGTH),
});
