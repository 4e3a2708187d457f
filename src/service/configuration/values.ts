import { isIP } from 'node:net';
import { OutboundGuard } from '../../security/outbound/index.js';
import { isAddress as isHostAndPort } from '../../transports/grpc/grpc.options.js';

export const isHost = (value: string): boolean =>
  isIP(value) !== 0 || /^[a-z0-9_]([a-z0-9._-]*[a-z0-9])?$/i.test(value);

/** `host:port`. */
export const isAddress = (value: string): boolean => isHostAndPort(value);

/** A base to which paths are appended: no query, no fragment. */
export const isHttpUrl = (value: string): boolean => isUrl(value, ['http:', 'https:']) && !/[?#]/.test(value);

export const isRedisUrl = (value: string): boolean => isUrl(value, ['redis:', 'rediss:']);

function isUrl(value: string, protocols: readonly string[]): boolean {
  return URL.canParse(value) && protocols.includes(new URL(value).protocol);
}

/** The entries of a comma-separated list. */
export const listOf = (value: string | undefined): string[] =>
  (value ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');

/** An allow-list for outbound calls. */
export function isHostList(value: string): boolean {
  try {
    new OutboundGuard({ allow: listOf(value) });
    return true;
  } catch {
    return false;
  }
}

/** Not blank. */
export const isFilled = (value: string): boolean => value.trim() !== '';
