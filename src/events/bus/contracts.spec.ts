import { createTestDatabase } from '../../../test/support/test-database.js';
import { openRedis } from '../../../test/support/redis.server.js';
import { eventBusContract } from '../../testing/contracts/event-bus.contract.js';
import type { BusCarrier } from './bus-carrier.interface.js';
import { InProcessEventBus } from '../in-process.event-bus.js';
import { NotifyCarrier } from './notify.carrier.js';
import { RedisCarrier } from './redis.carrier.js';
import { RelayedEventBus } from './relayed.event-bus.js';

async function joined(carrier: BusCarrier): Promise<RelayedEventBus> {
  const bus = new RelayedEventBus(carrier);
  bus.open();
  return bus;
}

eventBusContract('in process', async () => {
  const bus = new InProcessEventBus();
  return { join: async () => bus, close: () => bus.close() };
});

eventBusContract('LISTEN/NOTIFY', async () => {
  const database = await createTestDatabase();
  return { join: () => joined(new NotifyCarrier({ connectionString: database.url })), close: () => database.drop() };
});

eventBusContract('Redis', async () => {
  const redis = await openRedis();
  return { join: async () => joined(await RedisCarrier.create(redis.url)), close: () => redis.close() };
});
