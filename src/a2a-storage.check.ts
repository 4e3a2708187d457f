import type { A2aModuleOptions, MemoryStorage, PostgresStorage } from './a2a.options.js';

type StorageType = 'memory' | 'postgres';

/** Throws TypeError unless it names a storage that there is. */
export function checkStorageType(type: string): void {
  if (type === 'memory' || type === 'postgres') return;
  throw new TypeError(`A2aModule: there is no storage '${type}'. Use 'memory' or 'postgres'.`);
}

/**
 * The storage of the options, which must be the one that was wired: tasks that were meant to be stored must not end up in
 * memory without a word. Throws TypeError.
 */
export function storageOf(options: A2aModuleOptions, wired: 'memory'): MemoryStorage;
export function storageOf(options: A2aModuleOptions, wired: 'postgres'): PostgresStorage;
export function storageOf({ storage = { type: 'memory' } }: A2aModuleOptions, wired: StorageType) {
  if (storage.type !== wired) {
    throw new TypeError(
      `A2aModule: the options say storage.type '${storage.type}', but '${wired}' was wired. ` +
        `Let them agree: give forRootAsync({ storage: '${storage.type}', … }), or let the factory say storage: { type: '${wired}', … }.`,
    );
  }
  if (storage.type === 'postgres' && (typeof storage.url !== 'string' || !/^postgres(ql)?:\/\//.test(storage.url))) {
    throw new TypeError(
      "A2aModule: storage 'postgres' needs a url, like { type: 'postgres', url: 'postgres://user:password@host:5432/database' }.",
    );
  }
  return storage;
}
