import { A2AError, unavailable } from '../../protocol/errors/index.js';

/** Answers of the server that blame the script or its values. */
const GUILTY = /^(ERR|WRONGTYPE|NOPROTO)\b/;

/** Whether the server itself answered with this error. */
const isReply = (error: unknown): error is Error => error instanceof Error && error.name === 'ReplyError';

/** Errors that JavaScript raises while the values are made ready, before anything is sent. */
const BEFORE_SENDING = new Set(['TypeError', 'RangeError', 'SyntaxError', 'ReferenceError']);

/**
 * Whether the same script may succeed later: lost and refused connections, a server that starts, that is full, read-only or
 * busy. A script that the server refuses for any of these has changed nothing.
 */
export function isTransient(error: unknown): boolean {
  if (error instanceof A2AError) return error.reason === 'UNAVAILABLE';
  if (isReply(error)) return !GUILTY.test(error.message);
  return !(error instanceof Error && BEFORE_SENDING.has(error.name) && !('code' in error));
}

/** What a store throws: UNAVAILABLE while the server cannot be reached, anything else as it is. */
export function storageError(error: unknown): unknown {
  if (error instanceof A2AError || !isTransient(error)) return error;
  return unavailable('The storage of tasks cannot be reached. Try again.', error);
}
