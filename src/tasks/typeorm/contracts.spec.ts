import { afterAll, beforeAll } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { inboxStoreContract } from '../../testing/contracts/inbox-store.contract.js';
import { jobScheduleContract } from '../../testing/contracts/job-schedule.contract.js';
import { outboxContract } from '../../testing/contracts/outbox.contract.js';
import { pushConfigStoreContract } from '../../testing/contracts/push-config-store.contract.js';
import { runStoreContract } from '../../testing/contracts/run-store.contract.js';
import { taskStoreContract } from '../../testing/contracts/task-store.contract.js';
import { openTypeOrmStores } from './open-stores.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

// Connecting takes long on a busy machine.
const open = () => openTypeOrmStores(database.url, { dataSource: { connectTimeoutMS: 60_000 } });

taskStoreContract('TypeORM', open, { durable: true });
runStoreContract('TypeORM', open);
inboxStoreContract('TypeORM', open);
outboxContract('TypeORM', open);
pushConfigStoreContract('TypeORM', open);
jobScheduleContract('TypeORM', open);
