import type pg from 'pg';
import { connectionConfig, DatabaseClient } from '../../tasks/typeorm/database-client.js';
import type { BusCarrier, CarrierEvents, CarrierSession } from './bus-carrier.interface.js';

const CHANNEL = 'a2a_wake';

/** A notification is not worth waiting for the disk: it has no rows. */
const SESSION = `set synchronous_commit = off; listen ${CHANNEL}`;

const NOTIFY = `select pg_notify('${CHANNEL}', text) from unnest($1::text[]) as text`;

/**
 * LISTEN/NOTIFY over one connection of its own, which needs a session: a pooler in transaction mode takes the listener away.
 * A commit with notifications holds a lock of the whole database, so these stand in transactions of their own, never in those
 * that write events.
 */
export class NotifyCarrier implements BusCarrier {
  readonly name = 'LISTEN/NOTIFY';
  /** Postgres takes 7999. */
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
    // One statement at a time; the last one may have failed.
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
