import { printable } from '../../src/protocol/errors/index.js';
import type { RelayError } from './relay.error.js';
import type { RelayOptions } from './relay.options.js';

const LONGEST = 300;

/** What the log may have of an error: on one line, bounded, without the key and the credentials of the address. */
export function logTextOf({ message, detail }: RelayError, options: RelayOptions): string {
  if (!detail) return message;
  const shown = secretsOf(options).reduce((text, secret) => text.replaceAll(secret, '***'), detail);
  return `${message} ${printable(shown, LONGEST)}`;
}

function secretsOf({ apiKey, baseUrl }: RelayOptions): string[] {
  const { username, password } = new URL(baseUrl);
  const secrets = [apiKey, password, decodeURIComponent(password), username, decodeURIComponent(username)];
  return secrets.filter((secret): secret is string => Boolean(secret)).sort((a, b) => b.length - a.length);
}
