import { afterAll, beforeAll } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/test-database.js';
import { storageContracts } from '../../../testing/contracts/storage.contracts.js';
import { openPostgresStores } from './open-stores.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

// Connecting takes long on a busy machine.
const open = () => openPostgresStores(database.url, { dataSource: { connectTimeoutMS: 60_000 } });

storageContracts('Postgres', open, { durable: true });
