import { SafeLogger } from '../common/safe-logger.js';
import { type NamedStorage, storageOf } from '../storage/named.storage.js';
import type { OpenStorage } from '../storage/a2a-storage.interface.js';
import { operatorStores } from '../tasks/operator-stores.js';
import type { OperatorStores, Stores } from '../tasks/stores.js';
import { REDIS_DEFAULTS } from '../tasks/redis/redis-stores.options.js';
import { databaseIn, told } from './database.js';

/** Options of commands that work on stored tasks. */
export const STORAGE_OPTIONS = {
  'database-url': { type: 'string' },
  'redis-url': { type: 'string' },
  'redis-prefix': { type: 'string' },
} as const;

/** How the usage of a command names them. */
export const STORAGE_USAGE = '[--database-url URL | --redis-url URL [--redis-prefix PREFIX]]';

export type StorageValues = Readonly<Partial<Record<keyof typeof STORAGE_OPTIONS, string>>>;

/** Opens the storage that the options name, else that of DATABASE_URL, and closes it afterwards. Never changes its schema. */
export async function withStorage<T>(
  values: StorageValues,
  use: (storage: OpenStorage & OperatorStores & Required<Pick<Stores, 'apiKeys'>>) => Promise<T>,
): Promise<T> {
  const storage = await storageOf(storageIn(values));
  try {
    const open = await storage.open({ logger: new SafeLogger('Storage') });
    try {
      return await use(operatorStores(storage.name, open, 'use a storage that has it', ['admin', 'holds', 'apiKeys']));
    } finally {
      await open.flush?.();
      await open.close();
    }
  } catch (error) {
    throw told(error);
  }
}

function storageIn(values: StorageValues): NamedStorage {
  const { 'redis-url': redis, 'redis-prefix': prefix = REDIS_DEFAULTS.prefix } = values;
  // A server that may lose tasks can be cleaned up as well.
  if (redis !== undefined) return { type: 'redis', url: redis, prefix, acceptLoss: true };
  return { ...databaseIn(values['database-url']), migrations: 'check' };
}
