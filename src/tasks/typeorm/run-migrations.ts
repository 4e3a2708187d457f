import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type DataSource, MigrationExecutor } from 'typeorm';
import { Database } from './database.js';
import { DatabaseClient } from './database-client.js';
import { type SessionSettings, WITHOUT_LIMITS, prepareSession } from './session-settings.js';

/** Identifies the lock among the advisory locks of the database. */
const LOCK = 'nest-a2a migrations';
/** How often the lock is tried, in ms. A statement that waits for the lock would block sessions that build indexes concurrently. */
const RETRY_MS = 100;

/**
 * Migrates the schema. Returns the names of the migrations that this call ran. Processes that start at the same time take turns: a
 * session of its own holds the lock, so the lock ends with a process that dies meanwhile.
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

/** Uses a connection without the usual time limits: an index on a large table takes long. */
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

/** Creates the schema that the options name, if it does not exist. An existing schema needs no permission to create one. */
async function makeSchema(client: pg.ClientBase, { options }: DataSource): Promise<void> {
  const schema = options.type === 'postgres' ? options.schema : undefined;
  if (schema === undefined) return;
  const name = pg.escapeIdentifier(schema);
  const { rows } = await client.query<{ there: boolean }>('select to_regnamespace($1) is not null as there', [name]);
  if (!rows[0]?.there) await client.query(`create schema ${name}`);
}
