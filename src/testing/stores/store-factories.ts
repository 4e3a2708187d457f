import { openMemoryStores } from '../../tasks/memory/open-stores.js';
import type { OpenStores } from '../../tasks/stores.js';

export interface StoreFactory {
  readonly name: string;
  /** What is stored outlives the process; the stores then offer `reopen`. */
  readonly durable: boolean;
  /** Empty stores of their own; `close` throws away what they hold. */
  open(): Promise<OpenStores>;
}

/** Every storage there is, for tests that must hold on all of them. */
export const storeFactories: readonly StoreFactory[] = [
  { name: 'memory', durable: false, open: async () => openMemoryStores() },
  { name: 'TypeORM', durable: true, open: openOnTestDatabase },
];

/** Loaded when used: without it, nobody needs a Postgres. */
async function openOnTestDatabase(): Promise<OpenStores> {
  const { createTestDatabase } = await import('../../../test/support/test-database.js');
  const { openTypeOrmStores } = await import('../../tasks/typeorm/open-stores.js');
  const database = await createTestDatabase();
  try {
    const stores = await openTypeOrmStores(database.url);
    const close = (): Promise<void> => stores.close().finally(() => database.drop());
    return { ...stores, close };
  } catch (error) {
    await database.drop();
    throw error;
  }
}
