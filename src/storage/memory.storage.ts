import type { MemoryStoresOptions } from '../tasks/memory/memory-stores.options.js';
import { openMemoryStores } from '../tasks/memory/open-stores.js';
import type { A2aStorage } from './a2a-storage.interface.js';

export type MemoryStorageOptions = MemoryStoresOptions;

/** Tasks in this process: gone when it ends. Ended tasks are dropped, oldest first, at a limit. */
export function memoryStorage(options: MemoryStorageOptions = {}): A2aStorage {
  return { name: 'memory', shared: false, open: async () => openMemoryStores(options) };
}
