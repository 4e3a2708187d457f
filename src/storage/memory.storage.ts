import type { MemoryStoresOptions } from '../tasks/memory/memory-stores.options.js';
import type { A2aStorage, OpenStorage } from './a2a-storage.interface.js';

/** Options of `memoryStorage`. */
export type MemoryStorageOptions = MemoryStoresOptions;

/** Tasks in this process: gone when it ends. Ended tasks are dropped, oldest first, at a limit. */
export function memoryStorage(options: MemoryStorageOptions = {}): A2aStorage {
  const open = async (): Promise<OpenStorage> =>
    (await import('../tasks/memory/open-stores.js')).openMemoryStores(options);
  return { name: 'memory', shared: false, open };
}
