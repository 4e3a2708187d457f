import { endpointOf } from './endpoint.js';
import type { RelayError } from './relay.error.js';
import type { RelayOptions } from './relay.options.js';

const LONGEST = 300;

/** What the log may have of an error: on one line, bounded, without the key and the credentials of the address. */
export function logTextOf({ message, detail }: RelayError, options: RelayOptions): string {
  if (!detail) return message;
  const shown = longestFirst(endpointOf(options).secrets).reduce(
    (text, secret) => text.replaceAll(secret, '***'),
    detail,
  );
  return `${message} ${shown
    .slice(0, LONGEST)
    .replace(/\p{Cc}/gu, ' ')
    .toWellFormed()}`;
}

const longestFirst = (texts: readonly string[]): string[] => [...texts].sort((a, b) => b.length - a.length);
