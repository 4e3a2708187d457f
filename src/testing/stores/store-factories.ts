import { openMemoryStores } from '../../tasks/memory/open-stores.js';
import type { OpenStores } from '../../tasks/stores.js';

export interface StoreFactory {
  readonly name: string;
  /** What is stored outlives the process; the stores then offer `reopen`. */
  readonly durable: boolean;
  /** Empty stores of their own; `close` throws away what they hold. */
  open(): Promise<OpenStores>;
}

const CONNECT_LIMIT_MS = 60_000;

/** Every storage there is, for tests that must hold on all of them. */
export const storeFactories: readonly StoreFactory[] = [
  { name: 'memory', durable: false, open: async () => openMemoryStores() },
  { name: 'TypeORM', durable: true, open: openOnTestDatabase },
  { name: 'SQLite', durable: false, open: openInSqlite },
];

/** The SQL of MySQL, MariaDB and SQLite, on what every machine can run. */
async function openInSqlite(): Promise<OpenStores> {
  const { openSqlStores } = await import('../../tasks/sql/open-stores.js');
  const { sqljsDataSource } = await import('../../tasks/sql/sqlite/sqlite-data-source.js');
  return openSqlStores(await sqljsDataSource());
}

/** Loaded when used: without it, nobody needs a Postgres. */
async function openOnTestDatabase(): Promise<OpenStores> {
  const { createTestDatabase } = await import('../../../test/support/test-database.js');
  const { openPostgresStores } = await import('../../tasks/sql/postgres/open-stores.js');
  const database = await createTestDatabase();
  try {
    // A busy machine is slow to connect.
    const stores = await openPostgresStores(database.url, { dataSource: { connectTimeoutMS: CONNECT_LIMIT_MS } });
    const close = (): Promise<void> => stores.close().finally(() => database.drop());
    return { ...stores, close };
  } catch (error) {
    await database.drop();
    throw error;
  }
}
