import { type Logger } from '@nestjs/common';
import { SafeLogger } from '../../common/safe-logger.js';
import type { RedisConnection } from './redis-connection.js';

const LEAST_VERSION = 7;

/** The fields that a server reports about itself, by name. */
function parseInfo(info: string): ReadonlyMap<string, string> {
  return new Map(
    info.split(/\r?\n/).flatMap((line): [string, string][] => {
      const colon = line.indexOf(':');
      return colon > 0 ? [[line.slice(0, colon), line.slice(colon + 1)]] : [];
    }),
  );
}

/**
 * Throws when the server cannot hold tasks: it is too old, part of a cluster, or a read-only replica. Without `acceptLoss` it also
 * throws when the server may lose acknowledged writes. Logs a warning for remaining risks.
 */
export async function checkServer(connection: RedisConnection, acceptLoss: boolean): Promise<void> {
  const logger = new SafeLogger('Redis');
  const info = parseInfo(String(await connection.command('INFO')));
  const impossible = impossibilities(info);
  if (impossible.length > 0) throw new Error(`Redis cannot hold tasks: ${impossible.join(' ')}`);
  const losses = dangers(info);
  if (losses.length > 0 && !acceptLoss) {
    throw new Error(
      `Redis may lose tasks: ${losses.join(' ')} Change that, or accept it: storage.acceptLoss, of the service A2A_REDIS_ACCEPT_LOSS=true.`,
    );
  }
  for (const loss of losses) logger.warn(`Tasks may be lost, which was accepted: ${loss}`);
  if (info.get('aof_enabled') === '1') await warnOfSync(connection, logger);
}

function impossibilities(info: ReadonlyMap<string, string>): string[] {
  const version = info.get('redis_version') ?? '0';
  return [
    ...(Number.parseInt(version, 10) < LEAST_VERSION
      ? [`Its version is ${version}; it must be ${LEAST_VERSION}.0 or newer.`]
      : []),
    ...(info.get('redis_mode') === 'cluster' ? ['It is part of a cluster; a single server is needed.'] : []),
    ...(info.get('role') === 'slave' ? ['It is a replica, which takes no writes; name its master.'] : []),
  ];
}

/** A policy that evicts only keys with a time to live is harmless: no key of a task has one. */
function dangers(info: ReadonlyMap<string, string>): string[] {
  const policy = info.get('maxmemory_policy') ?? 'noeviction';
  const bounded = Number(info.get('maxmemory') ?? 0) > 0;
  return [
    ...(info.get('aof_enabled') === '1'
      ? []
      : ['it does not write an append-only file, so what was acknowledged is gone when it ends (appendonly yes).']),
    ...(bounded && policy.startsWith('allkeys')
      ? [`its maxmemory-policy ${policy} takes keys away when memory is short (maxmemory-policy noeviction).`]
      : []),
  ];
}

/** Not every server allows reading its configuration. */
async function warnOfSync(connection: RedisConnection, logger: Logger): Promise<void> {
  const answer = await connection.command('CONFIG', 'GET', 'appendfsync').catch(() => undefined);
  const mode = Array.isArray(answer) ? String(answer[1]) : undefined;
  if (mode === 'always') return;
  logger.warn(
    mode === undefined
      ? 'Redis does not say when it syncs its append-only file: without appendfsync always the last second may be lost with the machine.'
      : `Redis has appendfsync ${mode}: what was acknowledged last may be lost with the machine. appendfsync always loses nothing.`,
  );
}
