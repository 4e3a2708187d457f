import type { LogLevel } from '@nestjs/common';
import { a2aLogContext } from '../../common/logging/log-context.js';
import { textOfError } from '../../common/text-of-error.js';

/** What Nest tells of a message, in all its versions. */
export interface JsonLineParts {
  /** Name of the logger. */
  readonly context: string;
  readonly logLevel: LogLevel;
  readonly writeStreamType?: 'stdout' | 'stderr';
  readonly errorStack?: unknown;
}

/** A message longer than this is cut. */
const MAX_LENGTH = 16 * 1024;

/**
 * One JSON object and a line break. `timestamp` is in UTC; `context` is the name of the logger. The fields of `a2aLogContext()` follow
 * where they are known.
 *
 * @example {"timestamp":"2026-01-31T12:00:00.000Z","level":"warn","pid":1,"context":"Turn","message":"…","requestId":"…","taskId":"…"}
 */
export function jsonLine(message: unknown, { context, logLevel, errorStack }: JsonLineParts): string {
  const line = {
    timestamp: new Date().toISOString(),
    level: logLevel,
    pid: process.pid,
    ...(context !== '' && { context }),
    message: (typeof message === 'string' ? message : textOfError(message)).slice(0, MAX_LENGTH),
    ...(errorStack !== undefined && { stack: textOfError(errorStack) }),
    ...a2aLogContext(),
  };
  return `${JSON.stringify(line)}\n`;
}
