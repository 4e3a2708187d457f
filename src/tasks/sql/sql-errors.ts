import { QueryFailedError } from 'typeorm';
import { A2AError, unavailable } from '../../protocol/errors/index.js';

/** A value that the database would not even receive. */
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
  /** Of mysql2: the connection is gone. */
  readonly fatal?: unknown;
}

/** Deadlock, lock wait timeout, row changed under a statement. */
const CONFLICT_ERRNO = new Set([1213, 1205, 1020]);
const DUPLICATE_ERRNO = 1062;
/** Of the servers' own codes those that blame the values, although their SQLSTATE does not: packet, charset, length, row size. */
const DATA_ERRNO = new Set([1153, 1366, 1406, 1118, 1301]);
const DATA_CLASSES = new Set(['21', '22', '23', '42']);
/** Refused for what they are: SQL that is wrong, a constraint, a value too large. */
const SQLITE_DATA = /^SQLITE_(ERROR|CONSTRAINT|TOOBIG|MISMATCH|RANGE|SCHEMA|MISUSE|AUTH)/;
/** sql.js says it in words. */
const SQLITE_DATA_WORDS = /constraint failed|too big|syntax error|no such|too many|datatype mismatch|out of range/i;

/** Errors that JavaScript raises while the values are made ready, before anything is sent. */
const BEFORE_SENDING = new Set(['TypeError', 'RangeError', 'SyntaxError', 'ReferenceError']);

/** What the driver said, out of what TypeORM makes of it. */
function driverError(error: unknown): DriverError {
  const own: unknown = error instanceof QueryFailedError ? error.driverError : error;
  return own instanceof Object ? own : {};
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Whether two transactions met, or the database was busy: the loser only has to begin again. */
export function isConflict(error: unknown): boolean {
  const { code, errno, message } = driverError(error);
  if (/^SQLITE_(BUSY|LOCKED)/.test(text(code)) || text(message) === 'database is locked') return true;
  return typeof errno === 'number' && CONFLICT_ERRNO.has(errno);
}

/** Whether a key is there already. */
export function isDuplicate(error: unknown): boolean {
  const { code, errno, message } = driverError(error);
  if (errno === DUPLICATE_ERRNO) return true;
  return (
    /^SQLITE_CONSTRAINT_(PRIMARYKEY|UNIQUE)$/.test(text(code)) || text(message).startsWith('UNIQUE constraint failed')
  );
}

/**
 * Whether the same may succeed later: lost and refused connections, restarts, read-only servers, deadlocks, full disks,
 * time-outs. Everything that a driver says and that does not blame the values counts as such.
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

/** Whether the server itself answered, so that its connection is sound. */
export function isAnswer(error: unknown): boolean {
  const { code, errno, sqlState } = driverError(error);
  return text(code).startsWith('SQLITE_') || (typeof errno === 'number' && errno > 0 && text(sqlState) !== '');
}

/** What a store throws: UNAVAILABLE while the database cannot be reached, anything else as it is. */
export function storageError(error: unknown): unknown {
  if (error instanceof A2AError || !isTransient(error)) return error;
  return unavailable('The storage of tasks cannot be reached. Try again.', error);
}
