import type { ClientConfig } from 'pg';
import type { EventBus } from '../event-bus.interface.js';
import { InProcessEventBus } from '../in-process.event-bus.js';
import type { CheckedBusOptions } from './bus.options.js';
import { NotifyCarrier } from './notify.carrier.js';
import { RedisCarrier } from './redis.carrier.js';
import { RelayedEventBus } from './relayed.event-bus.js';

/** The bus of the options, not connected yet. `database`: how to reach the tasks' database, which the bus 'postgres' needs. */
export async function openBus(options: CheckedBusOptions, database?: ClientConfig): Promise<EventBus> {
  if (options.type === 'in-process') return new InProcessEventBus();
  if (options.type === 'redis') return new RelayedEventBus(await RedisCarrier.create(options.url, options.channel));
  if (!database) throw new TypeError("The bus 'postgres' needs a database.");
  return new RelayedEventBus(new NotifyCarrier(database));
}
