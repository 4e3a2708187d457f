import { SafeLogger } from '../../common/safe-logger.js';
import type { A2aStorage } from '../../storage/a2a-storage.interface.js';
import type { OpenStores, Stores } from '../../tasks/stores.js';
import type { ContractOptions } from './open-suite.js';
import { storageContracts } from './storage.contracts.js';

/** How the suite opens the storage that it tests. */
export interface A2aStorageContractOptions extends ContractOptions {
  /** Called when a suite has closed what it opened, to throw away what was stored. */
  readonly drop?: () => Promise<void>;
}

/**
 * What every storage must do: suites of jest. `make` gives a storage that nobody else uses, once for each suite. A durable one
 * is opened a second time while the first is open.
 */
export function a2aStorageContract(
  name: string,
  make: () => A2aStorage | Promise<A2aStorage>,
  { drop, ...options }: A2aStorageContractOptions = {},
): void {
  const open = async (storage: A2aStorage): Promise<OpenStores<Stores>> => {
    const { flush, close, ...stores } = await storage.open({ logger: new SafeLogger('Storage') });
    return {
      ...stores,
      ...(options.durable && { reopen: () => open(storage) }),
      close: async () => {
        await flush?.();
        await close();
      },
    };
  };
  storageContracts(
    name,
    async () => {
      const stores = await open(await make());
      return { ...stores, close: () => stores.close().finally(drop) };
    },
    options,
  );
}
