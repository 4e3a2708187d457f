import { inspect } from 'node:util';

const MAX_LENGTH = 16 * 1024;

/** What was thrown, as text for a log: the stack of an error, else the value. Never throws, whatever the value's getters do. */
export function textOfError(thrown: unknown): string {
  try {
    if (thrown instanceof Error && typeof thrown.stack === 'string') return thrown.stack.slice(0, MAX_LENGTH);
    if (typeof thrown === 'string') return thrown.slice(0, MAX_LENGTH);
    return inspect(thrown, { depth: 2, maxStringLength: 1_000, maxArrayLength: 20, getters: false }).slice(
      0,
      MAX_LENGTH,
    );
  } catch {
    return 'a value that cannot be shown';
  }
}

/** The name and the message of an error, in one line. */
export function briefTextOfError(thrown: unknown): string {
  try {
    return String(thrown).slice(0, MAX_LENGTH);
  } catch {
    return 'a value that cannot be shown';
  }
}
