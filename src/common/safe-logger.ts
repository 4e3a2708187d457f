import { Logger } from '@nestjs/common';
import { textOfError } from './text-of-error.js';

/**
 * Nest's Logger for code that must not fail: what the application's logger throws is dropped. It passes only strings, because loggers call
 * `trace.split` on what they take for a stack.
 */
export class SafeLogger extends Logger {
  override error(message: unknown, ...rest: unknown[]): void {
    quietly(() => super.error(textOf(message), ...rest.filter(isSaid).map(textOf)));
  }

  override warn(message: unknown, ...rest: unknown[]): void {
    quietly(() => super.warn(textOf(message), ...rest.filter(isSaid).map(textOf)));
  }

  override log(message: unknown, ...rest: unknown[]): void {
    quietly(() => super.log(textOf(message), ...rest.filter(isSaid).map(textOf)));
  }

  override debug(message: unknown, ...rest: unknown[]): void {
    quietly(() => super.debug(textOf(message), ...rest.filter(isSaid).map(textOf)));
  }

  override fatal(message: unknown, ...rest: unknown[]): void {
    quietly(() => super.fatal(textOf(message), ...rest.filter(isSaid).map(textOf)));
  }

  override verbose(message: unknown, ...rest: unknown[]): void {
    quietly(() => super.verbose(textOf(message), ...rest.filter(isSaid).map(textOf)));
  }
}

const isSaid = (value: unknown): boolean => value !== undefined;

const textOf = (value: unknown): string => (typeof value === 'string' ? value : textOfError(value));

function quietly(log: () => void): void {
  try {
    log();
  } catch {
    // The application's logger is broken, so there is nowhere to report it.
  }
}
