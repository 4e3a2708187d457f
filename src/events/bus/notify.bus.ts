import type pg from 'pg';
import type { A2aBus } from './a2a-bus.interface.js';
import { NotifyCarrier } from './notify.carrier.js';
import { RelayedEventBus } from './relayed.event-bus.js';

/** LISTEN/NOTIFY on this database, over its own connection. */
export function notifyBus(database: pg.ClientConfig): A2aBus {
  return { name: 'LISTEN/NOTIFY', shared: true, open: () => new RelayedEventBus(new NotifyCarrier(database)) };
}
