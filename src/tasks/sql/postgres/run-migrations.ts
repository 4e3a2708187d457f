import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type DataSource, MigrationExecutor, type QueryRunner } from 'typeorm';
import { revertLast } from '../migrations/revert-last.js';
import { PostgresDatabase } from './postgres.database.js';
import { DatabaseClient } from './database-client.js';
import { MIGRATION_SESSION, prepareSession } from './session-settings.js';

/** Identifies the lock among the advisory locks of the database. */
const LOCK = 'nest-a2a migrations';
/** How often the lock is tried, in ms. A statement that waits for the lock would block sessions that build indexes concurrently. */
const RETRY_MS = 100;

/** Migrates the schema. Returns the names of the migrations that this call ran. */
export const runMigrations = (dataSource: DataSource): Promise<string[]> =>
  underLock(dataSource, async (client) => {
    await makeSchema(client, dataSource);
    return onRunner(dataSource, async (runner) => {
      const executor = new MigrationExecutor(dataSource, runner);
      executor.transaction = 'each';
      return (await executor.executePendingMigrations()).map(({ name }) => name);
    });
  });

/** See `revertLast`. */
export const revertMigration = (dataSource: DataSource, name: string): Promise<void> =>
  underLock(dataSource, () => onRunner(dataSource, (runner) => revertLast(dataSource, name, runner)));

/**
 * Processes that migrate at the same time take turns: a session of its own holds the lock, so the lock ends with a process that
 * dies meanwhile.
 */
async function underLock<T>(dataSource: DataSource, work: (client: pg.ClientBase) => Promise<T>): Promise<T> {
  const client = new DatabaseClient(PostgresDatabase.of(dataSource).pool.options);
  await client.connect();
  try {
    while (!(await tookLock(client))) await sleep(RETRY_MS);
    return await work(client);
  } finally {
    await client.end();
  }
}

/** On a connection without the usual time limits: an index on a large table takes long. */
async function onRunner<T>(dataSource: DataSource, work: (runner: QueryRunner) => Promise<T>): Promise<T> {
  const { session } = PostgresDatabase.of(dataSource).pool.options;
  const runner = dataSource.createQueryRunner();
  try {
    const client = (await runner.connect()) as pg.ClientBase;
    await prepareSession(client, { ...session, ...MIGRATION_SESSION });
    const result = await work(runner);
    await prepareSession(client, session);
    return result;
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
