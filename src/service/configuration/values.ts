import { BlockList, isIP } from 'node:net';
import { OutboundGuard } from '../../security/outbound/index.js';
import { isAddress as isHostAndPort } from '../../transports/grpc/grpc.options.js';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** True when only this machine can reach what listens on the host. */
export function isLoopback(host: string): boolean {
  const family = isIP(host);
  if (family === 0) return host.toLowerCase() === 'localhost';
  return loopback.check(host, family === 6 ? 'ipv6' : 'ipv4');
}

export const isHost = (value: string): boolean =>
  isIP(value) !== 0 || /^[a-z0-9_]([a-z0-9._-]*[a-z0-9])?$/i.test(value);

/** `host:port`. */
export const isAddress = (value: string): boolean => isHostAndPort(value);

/** A base to which paths are appended: no query, no fragment. */
export const isHttpUrl = (value: string): boolean => isUrl(value, ['http:', 'https:']) && !/[?#]/.test(value);

/** A Postgres, or what `databaseStorage` takes. */
export const isDatabaseUrl = (value: string): boolean =>
  isUrl(value, ['postgres:', 'postgresql:']) || isMysqlUrl(value) || isSqliteFile(value);

/** Unlike Postgres, MySQL has no database that is named like its user. */
export const isMysqlUrl = (value: string): boolean =>
  isUrl(value, ['mysql:', 'mariadb:']) && /^\/[^/]+$/.test(new URL(value).pathname);

/** `sqlite:PATH`. What is in memory only is chosen by STORE=memory. */
export const isSqliteFile = (value: string): boolean => {
  const [, path] = /^sqlite:(?:\/\/)?(.*)$/.exec(value) ?? [];
  return path !== undefined && /[^/\s]/.test(path) && path !== ':memory:';
};

export const isRedisUrl = (value: string): boolean => isUrl(value, ['redis:', 'rediss:']);

function isUrl(value: string, protocols: readonly string[]): boolean {
  return URL.canParse(value) && protocols.includes(new URL(value).protocol);
}

/** The entries of a list with commas. */
export const listOf = (value: string | undefined): string[] =>
  (value ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');

/** What the guard of outgoing calls takes as its allow-list. */
export function isHostList(value: string): boolean {
  try {
    new OutboundGuard({ allow: listOf(value) });
    return true;
  } catch {
    return false;
  }
}

/** More than blanks. */
export const isFilled = (value: string): boolean => value.trim() !== '';
