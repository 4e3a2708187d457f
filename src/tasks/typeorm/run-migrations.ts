import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type DataSource, MigrationExecutor } from 'typeorm';
import { Database } from './database.js';
import { DatabaseClient } from './database-client.js';
import { type SessionSettings, WITHOUT_LIMITS, prepareSession } from './session-settings.js';

/** Names the lock among the advisory locks of a database. */
const LOCK = 'nest-a2a migrations';
/** How often the lock is asked for, in ms. A statement that waited for it would be waited for by those that build indexes. */
const RETRY_MS = 100;

/**
 * Brings the schema up to date; returns the names of the migrations that this call ran. Processes that start at once take
 * turns: the lock belongs to a session of its own, so it goes away with a process that dies in between.
 */
export async function runMigrations(dataSource: DataSource): Promise<string[]> {
  const { options } = Database.of(dataSource).pool;
  const client = new DatabaseClient(options);
  await client.connect();
  try {
    while (!(await tookLock(client))) await sleep(RETRY_MS);
    await makeSchema(client, dataSource);
    return await migrate(dataSource, options.session);
  } finally {
    await client.end();
  }
}

/** On a connection without the limits that others have: an index on a large table takes its time. */
async function migrate(dataSource: DataSource, session: SessionSettings | undefined): Promise<string[]> {
  const runner = dataSource.createQueryRunner();
  try {
    const client = (await runner.connect()) as pg.ClientBase;
    await prepareSession(client, { ...session, ...WITHOUT_LIMITS });
    const executor = new MigrationExecutor(dataSource, runner);
    executor.transaction = 'each';
    const done = await executor.executePendingMigrations();
    await prepareSession(client, session);
    return done.map(({ name }) => name);
  } finally {
    await runner.release();
  }
}

async function tookLock(client: pg.ClientBase): Promise<boolean> {
  const text = 'select pg_try_advisory_lock(hashtextextended($1, 0)) as taken';
  const { rows } = await client.query<{ taken: boolean }>(text, [LOCK]);
  return rows[0]?.taken === true;
}

/** The schema of its options, if it names one that is not there: it need not be allowed to make one that is. */
async function makeSchema(client: pg.ClientBase, { options }: DataSource): Promise<void> {
  const schema = options.type === 'postgres' ? options.schema : undefined;
  if (schema === undefined) return;
  const name = pg.escapeIdentifier(schema);
  const { rows } = await client.query<{ there: boolean }>('select to_regnamespace($1) is not null as there', [name]);
  if (!rows[0]?.there) await client.query(`create schema ${name}`);
}
