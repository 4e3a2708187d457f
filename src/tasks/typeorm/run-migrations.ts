import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { Database } from './database.js';

/** Names the lock among the advisory locks of a database. */
const LOCK = 'nest-a2a migrations';
/** How often the lock is asked for, in ms. A statement that waited for it would be waited for by those that build indexes. */
const RETRY_MS = 100;

/**
 * Brings the schema up to date; returns the names of the migrations that this call ran. Processes that start at once take
 * turns: the lock belongs to a session of its own, so it goes away with a process that dies in between.
 */
export async function runMigrations(dataSource: DataSource): Promise<string[]> {
  const client = new pg.Client(Database.of(dataSource).pool.options);
  client.on('error', () => undefined); // the statement that needs the connection reports it
  await client.connect();
  try {
    await client.query('set statement_timeout = 0');
    await client.query('set lock_timeout = 0');
    while (!(await tookLock(client))) await sleep(RETRY_MS);
    const done = await dataSource.runMigrations({ transaction: 'each' });
    return done.map(({ name }) => name);
  } finally {
    await client.end();
  }
}

async function tookLock(client: pg.Client): Promise<boolean> {
  const text = 'select pg_try_advisory_lock(hashtextextended($1, 0)) as taken';
  const { rows } = await client.query<{ taken: boolean }>(text, [LOCK]);
  return rows[0]?.taken === true;
}
