import { Logger } from '@nestjs/common';
import { textOfError } from './text-of-error.js';

/**
 * Nest's Logger for code that must come to its end: what the application's logger throws is dropped, and it is given strings
 * only, as loggers call `trace.split` on what they take for a stack.
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
    // A broken logger is the application's to notice; there is nowhere to say so.
  }
}
