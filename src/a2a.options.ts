import type { LimitsOptions } from './common/limits.options.js';
import type { CardsOptions } from './agents/cards/cards.options.js';
import { type BusOptions, type CheckedBusOptions, busOptions } from './events/bus/bus.options.js';
import type { ExecutionOptions } from './execution/execution.options.js';
import type { GrpcOptions } from './transports/grpc/grpc.options.js';
import type { PushNotificationsOptions } from './push-notifications/push-notifications.options.js';
import { REDIS_DEFAULTS, isKeyPrefix } from './tasks/redis/redis-stores.options.js';
import type { TenantsOptions } from './security/tenants.options.js';
import type { RetentionOptions } from './tasks/retention/retention.policy.js';
import type { HttpBindings, HttpTransportOptions } from './transports/http/http-transport.options.js';

export const A2A_OPTIONS = Symbol('A2aModuleOptions');

/** Tasks in this process: gone when it ends. Finished tasks are dropped, oldest first, at a limit. */
export interface MemoryStorage {
  readonly type: 'memory';
  /** Default 100,000. */
  readonly maxTasks?: number;
  /** Bytes of all events. Default 512 MiB. */
  readonly maxBytes?: number;
}

/** Tasks in Postgres 14 or newer; the tables are made and kept up to date at boot, under a lock. */
export interface PostgresStorage {
  readonly type: 'postgres';
  /** `postgres://user:password@host:5432/database`. */
  readonly url: string;
  /** Connections. Default 10. */
  readonly poolSize?: number;
}

/** Tasks in a Redis 7 or newer that writes an append-only file. Takes the optional package ioredis 5. */
export interface RedisStorage {
  readonly type: 'redis';
  /** `redis://user:password@host:6379`, or `rediss://…` with TLS. */
  readonly url: string;
  /** What all keys begin with, in braces. Default 'a2a'. Applications that share a Redis have one each. */
  readonly prefix?: string;
  /** Start although the server keeps no append-only file or evicts keys, so that tasks may be lost. Default false. */
  readonly acceptLoss?: boolean;
}

/**
 * Tasks in MySQL 8 or MariaDB 10.6 and newer; the tables are made and kept up to date at boot, under a lock. Takes the optional
 * package mysql2. Other processes hear of new events over the bus 'redis', or by polling.
 */
export interface MysqlStorage {
  readonly type: 'mysql' | 'mariadb';
  /** `mysql://user:password@host:3306/database`; the database is there. */
  readonly url: string;
  /** Connections, 2 or more. Default 10. */
  readonly poolSize?: number;
}

/** Tasks in a file, for one process. Takes the optional package better-sqlite3. */
export interface SqliteStorage {
  readonly type: 'better-sqlite3';
  /** Path of the file, which is made with its directory if it is not there. On a disk of this machine. */
  readonly file: string;
}

export type StorageOptions = MemoryStorage | PostgresStorage | RedisStorage | MysqlStorage | SqliteStorage;

export type StorageType = StorageOptions['type'];

export interface A2aModuleOptions {
  /** Where tasks live. Default memory. */
  storage?: StorageOptions;
  /**
   * How processes that share a database tell each other of new events. Default: LISTEN/NOTIFY on Postgres, publish and
   * subscribe on the Redis that the tasks are in.
   */
  bus?: BusOptions;
  /** Where clients reach this server, as cards say it. Default: the address it listens on. */
  publicUrl?: string;
  /** Body limit, keep-alive, version leniency. */
  http?: Partial<Omit<HttpTransportOptions, 'path' | 'bindings'>>;
  /** What the cards of all agents say, and how they are signed. */
  cards?: CardsOptions;
  /** Whom tasks belong to besides their owner. */
  tenants?: TenantsOptions;
  /** Serves gRPC, on a port of its own. Default: no gRPC. */
  grpc?: GrpcOptions;
  /** Webhooks: who may be called, how hard to try. false: none. Default: on, for receivers on the public internet. */
  pushNotifications?: Partial<PushNotificationsOptions> | false;
  /** What clients may keep of this process: bytes, calls and time, over all bindings. */
  limits?: Partial<LimitsOptions>;
  /** Deadlines and limits of runs. */
  execution?: Partial<ExecutionOptions>;
  /** How long tasks and their event logs are kept, for agents that do not say so themselves. Default: 30 days, and one day. */
  retention?: RetentionOptions;
}

/** What Nest must know before the options are: which routes to make and which storage to open. */
export interface A2aModuleExtras {
  /** Where all routes live. Default '/a2a'; '' is the root. */
  path?: string;
  /** Switches bindings over HTTP off: `{ rest: false }`. Default: JSON-RPC and HTTP+JSON are both served. */
  bindings?: Partial<HttpBindings>;
}

const STORAGES: Readonly<Record<StorageType, true>> = {
  memory: true,
  postgres: true,
  redis: true,
  mysql: true,
  mariadb: true,
  'better-sqlite3': true,
};

/** Throws TypeError unless it names a storage that there is. */
export function checkStorageType(type: string): void {
  if (Object.hasOwn(STORAGES, type)) return;
  const names = Object.keys(STORAGES).map((name) => `'${name}'`);
  throw new TypeError(`A2aModule: there is no storage '${type}'. Use ${names.join(', ')}.`);
}

/**
 * The storage of the options, which must be the one that was wired: tasks that were meant to be stored must not end up in
 * memory without a word. Throws TypeError.
 */
export function storageOf<T extends StorageType>(
  { storage = { type: 'memory' } }: A2aModuleOptions,
  wired: T,
): Extract<StorageOptions, { type: T }> {
  if (storage.type !== wired) {
    throw new TypeError(
      `A2aModule: the options say storage.type '${storage.type}', but '${wired}' was wired. ` +
        `Let them agree: give forRootAsync({ storage: '${storage.type}', … }), or let the factory say storage: { type: '${wired}', … }.`,
    );
  }
  if (storage.type === 'postgres')
    checkUrl(storage, /^postgres(ql)?:\/\//, 'postgres://user:password@host:5432/database');
  if (storage.type === 'redis') {
    checkUrl(storage, /^rediss?:\/\//, 'redis://user:password@host:6379');
    checkPrefix(storage.prefix);
  }
  if (storage.type === 'mysql' || storage.type === 'mariadb') {
    const example = `${storage.type}://user:password@host:3306/database`;
    checkUrl(storage, /^(mysql|mariadb):\/\/[^/]+\/[^/?#]+/, example);
    checkPool(storage);
  }
  if (storage.type === 'better-sqlite3') checkFile(storage);
  return storage as Extract<StorageOptions, { type: T }>;
}

/** One connection has the lock while another brings the tables up to date. */
function checkPool({ type, poolSize = 2 }: MysqlStorage): void {
  if (Number.isInteger(poolSize) && poolSize >= 2) return;
  throw new TypeError(`A2aModule: storage '${type}' needs a poolSize of 2 or more, but it is ${String(poolSize)}.`);
}

function checkFile({ type, file }: SqliteStorage): void {
  if (typeof file === 'string' && file.trim() !== '' && file !== ':memory:') return;
  throw new TypeError(
    `A2aModule: storage '${type}' needs a file, like { type: '${type}', file: '/var/lib/a2a/tasks.db' }.`,
  );
}

function checkUrl({ type, url }: PostgresStorage | RedisStorage | MysqlStorage, form: RegExp, example: string): void {
  if (typeof url === 'string' && form.test(url)) return;
  throw new TypeError(`A2aModule: storage '${type}' needs a url, like { type: '${type}', url: '${example}' }.`);
}

function checkPrefix(prefix: string | undefined): void {
  if (prefix === undefined || (typeof prefix === 'string' && isKeyPrefix(prefix))) return;
  throw new TypeError(
    'A2aModule: storage.prefix must be a name of 1 to 64 letters, digits and - . _ :, but is ' +
      JSON.stringify(prefix) +
      '.',
  );
}

/** The bus of the options, which must suit the storage that was wired. Throws TypeError or RangeError. */
export function busOf(options: A2aModuleOptions, wired: StorageType): CheckedBusOptions {
  if (wired !== 'redis') return busOptions(options.bus, { type: wired });
  const { url, prefix = REDIS_DEFAULTS.prefix } = storageOf(options, 'redis');
  return busOptions(options.bus, { type: wired, url, channel: `${prefix}:wake` });
}
