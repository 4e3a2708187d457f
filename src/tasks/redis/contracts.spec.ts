import { afterAll, beforeAll, it } from '@jest/globals';
import { RedisProcess, hasRedisServer, withoutRedisServer } from '../../../test/support/redis.process.js';
import { inboxStoreContract } from '../../testing/contracts/inbox-store.contract.js';
import { jobScheduleContract } from '../../testing/contracts/job-schedule.contract.js';
import { outboxContract } from '../../testing/contracts/outbox.contract.js';
import { pushConfigStoreContract } from '../../testing/contracts/push-config-store.contract.js';
import { runStoreContract } from '../../testing/contracts/run-store.contract.js';
import { taskStoreContract } from '../../testing/contracts/task-store.contract.js';
import { openRedisStores } from './open-stores.js';

let server: RedisProcess;

const open = () => openRedisStores(server.url);

function contracts(): void {
  beforeAll(async () => {
    server = await RedisProcess.start();
  });
  afterAll(() => server.remove());

  taskStoreContract('Redis', open, { durable: true });
  runStoreContract('Redis', open);
  inboxStoreContract('Redis', open);
  outboxContract('Redis', open);
  pushConfigStoreContract('Redis', open);
  jobScheduleContract('Redis', open);
}

if (hasRedisServer()) contracts();
else it('is not tested without a redis-server', () => withoutRedisServer('the stores on Redis'));
