import { A2AError, unavailable } from '../../protocol/errors/index.js';

/** Server errors that blame the script or its values. */
const GUILTY = /^(ERR|WRONGTYPE|NOPROTO)\b/;

/** Whether the server itself answered with this error. */
const isReply = (error: unknown): error is Error => error instanceof Error && error.name === 'ReplyError';

/** Errors that JavaScript raises while it prepares the values, before anything is sent. */
const BEFORE_SENDING = new Set(['TypeError', 'RangeError', 'SyntaxError', 'ReferenceError']);

/**
 * Whether the same script may succeed later: lost and refused connections, a server that is starting, full, read-only or busy. A
 * script that the server refuses for one of these reasons has changed nothing.
 */
export function isTransient(error: unknown): boolean {
  if (error instanceof A2AError) return error.reason === 'UNAVAILABLE';
  if (isReply(error)) return !GUILTY.test(error.message);
  return !(error instanceof Error && BEFORE_SENDING.has(error.name) && !('code' in error));
}

/** The error that a store throws: UNAVAILABLE while the server cannot be reached; any other error unchanged. */
export function storageError(error: unknown): unknown {
  if (error instanceof A2AError || !isTransient(error)) return error;
  return unavailable('The storage of tasks cannot be reached. Try again.', error);
}
