import { A2AError, unavailable } from '../../../protocol/errors/index.js';
import { TaskLockedError } from '../../task-locked.error.js';

/** The SQLSTATE of an error that the server itself reported. */
export function sqlState(error: unknown): string | undefined {
  if (!(error instanceof Object) || !('code' in error) || !('severity' in error)) return undefined;
  return typeof error.code === 'string' && error.code.length === 5 ? error.code : undefined;
}

/** Whether the connection is of no more use: the server did not answer, or reported that it closes the connection. */
export const isBroken = (error: unknown): boolean =>
  sqlState(error) === undefined || (error as { severity?: unknown }).severity === 'FATAL';

/** Whether the client gave up waiting, as `pg` says it: the server may still execute the statement. */
export const isTimeout = (error: unknown): boolean => error instanceof Error && error.message === 'Query read timeout';

/** Classes of SQLSTATE that blame the values (cardinality, data exception, constraint, program limit), and internal errors. */
const DATA_CLASSES = new Set(['21', '22', '23', '54', 'XX']);

/** Errors that JavaScript raises while it prepares the values, before anything is sent. */
const BEFORE_SENDING = new Set(['TypeError', 'RangeError', 'SyntaxError', 'ReferenceError']);

/**
 * Whether the same statement may succeed later: lost and refused connections, restarts, failovers (read-only), deadlocks, full
 * disks, timeouts. Every error that does not blame the values counts.
 */
export function isTransient(error: unknown): boolean {
  if (error instanceof A2AError) return error.reason === 'UNAVAILABLE';
  const state = sqlState(error);
  if (state !== undefined) return !DATA_CLASSES.has(state.slice(0, 2));
  return !(error instanceof Error && BEFORE_SENDING.has(error.name) && !('code' in error));
}

/** Whether two transactions conflicted. The connection is intact, and the loser only has to repeat its statement. */
export const isConflict = (error: unknown): boolean => sqlState(error)?.startsWith('40') ?? false;

const LOCK_NOT_AVAILABLE = '55P03';

/** Whether another session locked a row for too long. Nothing was written, and the connection is intact. */
export const isLocked = (error: unknown): boolean => sqlState(error) === LOCK_NOT_AVAILABLE;

const UNIQUE_VIOLATION = '23505';

/** Whether a key already exists. */
export const isDuplicate = (error: unknown): boolean => sqlState(error) === UNIQUE_VIOLATION;

/** Why the database does not take a value of a client. */
export const refusal = (error: unknown): string | undefined =>
  sqlState(error) === undefined || isTransient(error) || isDuplicate(error)
    ? undefined
    : 'the database refuses its content (it may be nested too deeply).';

/** The error that a store throws: UNAVAILABLE while the database cannot be reached or a row is locked; any other error unchanged. */
export function storageError(error: unknown): unknown {
  if (isLocked(error)) return new TaskLockedError(error);
  if (error instanceof A2AError || !isTransient(error) || sqlState(error)?.startsWith('42')) return error;
  return unavailable('The storage of tasks cannot be reached. Try again.', error);
}
