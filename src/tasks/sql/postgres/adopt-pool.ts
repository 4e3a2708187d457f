import type pg from 'pg';
import { DatabaseClient } from './database-client.js';
import { prepareSession } from './session-settings.js';

type Verify = (client: pg.PoolClient, done: (error?: Error) => void) => void;

interface PoolOptions {
  readonly Client?: unknown;
  verify?: Verify;
}

const adopted = new WeakSet<pg.Pool>();

/**
 * Prepares the connections of an application's pool: adds an error listener before anybody gets a connection, and applies the
 * session settings. Connections that are already open keep their settings until the pool closes them.
 */
export function adoptPool(pool: pg.Pool): void {
  const options = pool.options as PoolOptions;
  if (adopted.has(pool) || options.Client === DatabaseClient) return;
  adopted.add(pool);
  const known = new WeakSet<pg.PoolClient>();
  pool.on('acquire', (client) => {
    if (known.has(client)) return;
    known.add(client);
    client.on('error', () => undefined);
  });
  const { verify = (_client, done) => done() } = options;
  options.verify = (client, done) => {
    prepareSession(client).then(() => verify(client, done), done);
  };
}
