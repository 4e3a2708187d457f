import { afterAll, beforeAll, it } from '@jest/globals';
import { RedisProcess, hasRedisServer, withoutRedisServer } from '../../../test/support/redis.process.js';
import { storageContracts } from '../../testing/contracts/storage.contracts.js';
import { openRedisStores } from './open-stores.js';

let server: RedisProcess;

function contracts(): void {
  beforeAll(async () => {
    server = await RedisProcess.start();
  });
  afterAll(() => server.remove());

  storageContracts('Redis', () => openRedisStores(server.url), { durable: true });
}

if (hasRedisServer()) contracts();
else it('is not tested without a redis-server', () => withoutRedisServer('the stores on Redis'));
