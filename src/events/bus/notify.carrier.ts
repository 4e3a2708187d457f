import type pg from 'pg';
import { connectionConfig, DatabaseClient } from '../../tasks/sql/postgres/database-client.js';
import type { BusCarrier, CarrierEvents, CarrierSession } from './bus-carrier.interface.js';

const CHANNEL = 'a2a_wake';

/** Notifications write no rows, so there is no point in waiting for the disk. */
const SESSION = `set synchronous_commit = off; listen ${CHANNEL}`;

const NOTIFY = `select pg_notify('${CHANNEL}', text) from unnest($1::text[]) as text`;

/**
 * LISTEN/NOTIFY over its own connection. It needs a session: a pooler in transaction mode removes the listener. A commit with notifications
 * takes a lock on the whole database, so they are sent in their own transactions, never in those that write events.
 */
export class NotifyCarrier implements BusCarrier {
  readonly name = 'LISTEN/NOTIFY';
  /** The limit of Postgres is 7999. */
  readonly maxBytes = 7_900;
  readonly paceMs = 2;

  constructor(private readonly options: pg.ClientConfig) {}

  async connect(events: CarrierEvents, limitMs: number): Promise<CarrierSession> {
    const client = new DatabaseClient({
      ...connectionConfig(this.options),
      keepAlive: true,
      connectionTimeoutMillis: limitMs,
    });
    client.on('error', (error) => events.lost(error));
    client.on('end', () => events.lost(new Error('the connection was closed')));
    client.on('notification', ({ payload }) => events.heard(payload ?? ''));
    const query = (text: string, values?: unknown[]): Promise<unknown> => {
      const limited: pg.QueryConfig & { query_timeout: number } = { text, values, query_timeout: limitMs };
      return client.query(limited);
    };
    try {
      await client.connect();
      await query(SESSION);
    } catch (error) {
      client.cut();
      throw error;
    }
    // One statement at a time. The last one may have failed.
    let sent: Promise<unknown> = Promise.resolve();
    return {
      send: async (texts) => {
        sent = sent.catch(() => undefined).then(() => query(NOTIFY, [texts]));
        await sent;
      },
      close: () => client.end().catch(() => client.cut()),
      cut: () => client.cut(),
    };
  }
}
