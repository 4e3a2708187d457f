import type { MysqlStorageOptions, SqliteStorageOptions } from './sql.storage.js';
import type { PostgresUrlOptions } from './postgres.storage.js';
import type { RedisStorageOptions } from './redis.storage.js';
import type { A2aStorage } from './a2a-storage.interface.js';
import { memoryStorage } from './memory.storage.js';

/** Which storage, with its options, as data. */
export type NamedStorage =
  | { readonly type: 'memory' }
  | ({ readonly type: 'postgres' } & PostgresUrlOptions)
  | ({ readonly type: 'mysql' | 'mariadb' } & MysqlStorageOptions)
  | ({ readonly type: 'sqlite' } & SqliteStorageOptions)
  | ({ readonly type: 'redis' } & RedisStorageOptions);

/** The storage that is named. Only its own module is loaded. */
export async function storageOf(named: NamedStorage): Promise<A2aStorage> {
  switch (named.type) {
    case 'memory':
      return memoryStorage();
    case 'postgres': {
      const { type: _type, ...options } = named;
      return (await import('./postgres.storage.js')).postgresStorage(options);
    }
    case 'redis':
      return (await import('./redis.storage.js')).redisStorage(named);
    case 'mysql':
      return (await import('./sql.storage.js')).mysqlStorage(named);
    case 'mariadb':
      return (await import('./sql.storage.js')).mariadbStorage(named);
    case 'sqlite':
      return (await import('./sql.storage.js')).sqliteStorage(named);
  }
}
