import { BlockList, isIP } from 'node:net';
import { OutboundGuard } from '../../security/outbound/index.js';
import { isAddress as isHostAndPort } from '../../transports/grpc/grpc.options.js';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** True if only this machine can connect to the host. */
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

/** Unlike Postgres, MySQL has no default database named like the user. */
export const isMysqlUrl = (value: string): boolean =>
  isUrl(value, ['mysql:', 'mariadb:']) && /^\/[^/]+$/.test(new URL(value).pathname);

/** `sqlite:PATH`. A database in memory is chosen with STORE=memory. */
export const isSqliteFile = (value: string): boolean => {
  const [, path] = /^sqlite:(?:\/\/)?(.*)$/.exec(value) ?? [];
  return path !== undefined && /[^/\s]/.test(path) && path !== ':memory:';
};

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
