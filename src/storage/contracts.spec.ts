import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.js';
import { a2aStorageContract } from '../testing/contracts/a2a-storage.contract.js';
import { memoryStorage } from './memory.storage.js';
import { postgresStorage } from './postgres.storage.js';

a2aStorageContract('memoryStorage', () => memoryStorage());

let database: TestDatabase | undefined;
a2aStorageContract(
  'postgresStorage in a schema',
  async () => {
    database = await createTestDatabase();
    return postgresStorage({ url: database.url, schema: 'agents' });
  },
  { durable: true, drop: async () => database?.drop() },
);
