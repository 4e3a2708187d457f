import { QueryFailedError } from 'typeorm';
import { A2AError, unavailable } from '../../../protocol/errors/index.js';
import { TaskLockedError } from '../../task-locked.error.js';

/** A value is larger than the database accepts. */
export class PacketTooLargeError extends Error {
  override readonly name = 'PacketTooLargeError';
  constructor(readonly limit: number) {
    super(
      `The database takes no more than ${limit} bytes at once (max_allowed_packet), and this is more as it is sent: ` +
        'let it take more, or limit what an event may hold.',
    );
  }
}

interface DriverError {
  readonly code?: unknown;
  readonly errno?: unknown;
  readonly sqlState?: unknown;
  readonly message?: unknown;
  readonly name?: unknown;
  /** Set by mysql2: the connection is lost. */
  readonly fatal?: unknown;
}

/** Deadlock, lock wait timeout, row changed under a statement. */
const CONFLICT_ERRNO = new Set([1213, 1205, 1020]);
const DUPLICATE_ERRNO = 1062;
/** Codes of the servers that blame the values although their SQLSTATE does not: packet, charset, length, row size. */
const DATA_ERRNO = new Set([1153, 1366, 1406, 1118, 1301]);
const DATA_CLASSES = new Set(['21', '22', '23', '42']);
/** The statement or its values are at fault: invalid SQL, a constraint, a value too large. */
const SQLITE_DATA = /^SQLITE_(ERROR|CONSTRAINT|TOOBIG|MISMATCH|RANGE|SCHEMA|MISUSE|AUTH)/;
/** sql.js reports errors only as text. */
const SQLITE_DATA_WORDS = /constraint failed|too big|syntax error|no such|too many|datatype mismatch|out of range/i;

/** Errors that JavaScript raises while it prepares the values, before anything is sent. */
const BEFORE_SENDING = new Set(['TypeError', 'RangeError', 'SyntaxError', 'ReferenceError']);

/** The driver's error inside TypeORM's error. */
function driverError(error: unknown): DriverError {
  const own: unknown = error instanceof QueryFailedError ? error.driverError : error;
  return own instanceof Object ? own : {};
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Whether two transactions conflicted or the database was busy. The loser only has to start again. */
export function isConflict(error: unknown): boolean {
  const { code, errno, message } = driverError(error);
  if (/^SQLITE_(BUSY|LOCKED)/.test(text(code)) || text(message) === 'database is locked') return true;
  return typeof errno === 'number' && CONFLICT_ERRNO.has(errno);
}

const LOCK_WAIT_ERRNO = 1205;

/** Whether another session has locked a row for too long. */
export const isLocked = (error: unknown): boolean => driverError(error).errno === LOCK_WAIT_ERRNO;

/** Why the database does not take a value of a client. */
export const refusal = (error: unknown): string | undefined =>
  error instanceof PacketTooLargeError ? error.message : undefined;

/** Whether a key already exists. */
export function isDuplicate(error: unknown): boolean {
  const { code, errno, message } = driverError(error);
  if (errno === DUPLICATE_ERRNO) return true;
  return (
    /^SQLITE_CONSTRAINT_(PRIMARYKEY|UNIQUE)$/.test(text(code)) || text(message).startsWith('UNIQUE constraint failed')
  );
}

/**
 * Whether the same work may succeed later: lost and refused connections, restarts, read-only servers, deadlocks, full disks,
 * timeouts. Every driver error that does not blame the values counts.
 */
export function isTransient(error: unknown): boolean {
  if (error instanceof A2AError) return error.reason === 'UNAVAILABLE';
  if (isConflict(error)) return true;
  const { code, errno, sqlState, message, fatal } = driverError(error);
  if (text(code).startsWith('SQLITE_')) return !SQLITE_DATA.test(text(code));
  if (typeof errno === 'number' && DATA_ERRNO.has(errno)) return false;
  if (text(sqlState) !== '') return !DATA_CLASSES.has(text(sqlState).slice(0, 2));
  if (code !== undefined || fatal === true || text(message) === 'Pool is closed.') return true;
  return (
    error instanceof QueryFailedError &&
    !BEFORE_SENDING.has(text(driverError(error).name)) &&
    !SQLITE_DATA_WORDS.test(text(message))
  );
}

/** Whether the client gave up waiting, as mysql2 says it: the server may still execute the statement. */
export const isTimeout = (error: unknown): boolean => driverError(error).code === 'PROTOCOL_SEQUENCE_TIMEOUT';

/** Whether the server itself answered, so that its connection is intact. */
export function isAnswer(error: unknown): boolean {
  const { code, errno, sqlState } = driverError(error);
  return text(code).startsWith('SQLITE_') || (typeof errno === 'number' && errno > 0 && text(sqlState) !== '');
}

/** The error that a store throws: UNAVAILABLE while the database cannot be reached or a row is locked; any other error unchanged. */
export function storageError(error: unknown): unknown {
  if (isLocked(error)) return new TaskLockedError(error);
  if (error instanceof A2AError || !isTransient(error)) return error;
  return unavailable('The storage of tasks cannot be reached. Try again.', error);
}
