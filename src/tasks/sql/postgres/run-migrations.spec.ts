import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { DataSource, type MigrationInterface, type QueryRunner } from 'typeorm';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/test-database.js';
import { A2A_MIGRATIONS } from '../../../../migrations/index.js';
import { a2aDataSourceOptions } from './data-source-options.js';
import { runMigrations } from './run-migrations.js';
import { SESSION } from './session-settings.js';

interface IndexRow {
  name: string;
  columns: string[];
  predicate: string | null;
}

const INDEXES = `
select i.indexrelid::regclass::text as name, pg_get_expr(i.indpred, i.indrelid) as predicate,
  array(select a.attname::text from pg_attribute a where a.attrelid = i.indexrelid) as columns
from pg_index i where i.indrelid = 'a2a_task'::regclass`;

/** Stalls for longer than a transaction of any other session may be idle. */
class Stalling1700000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create table stalling (id int)');
    await sleep(Number(SESSION['idle_in_transaction_session_timeout']) + 500);
    await runner.query('insert into stalling values (1)');
  }

  async down(): Promise<void> {
    // It is never reverted.
  }
}

describe('runMigrations', () => {
  let database: TestDatabase;
  let sources: DataSource[];

  beforeEach(async () => {
    database = await createTestDatabase();
    sources = [0, 1, 2].map(() => new DataSource(a2aDataSourceOptions(database.url, { poolSize: 2 })));
    await Promise.all(sources.map((source) => source.initialize()));
  });
  afterEach(async () => {
    await Promise.all(sources.map((source) => source.destroy()));
    await database.drop();
  });

  const names = A2A_MIGRATIONS.map(({ name }) => name);

  it('runs each migration once when three processes start at once on an empty database', async () => {
    const ran = await Promise.all(sources.map((source) => runMigrations(source)));
    expect(ran.flat().sort()).toEqual([...names].sort());
    expect(await Promise.all(sources.map((source) => runMigrations(source)))).toEqual([[], [], []]);
  });

  it('survives a stall of the process between two statements', async () => {
    const options = a2aDataSourceOptions(database.url, { poolSize: 2 });
    const source = await new DataSource({ ...options, migrations: [Stalling1700000000000] }).initialize();
    try {
      expect(await runMigrations(source)).toEqual(['Stalling1700000000000']);
      // The connection goes back to the pool with its usual limits.
      expect(await source.query('show idle_in_transaction_session_timeout')).toEqual([
        { idle_in_transaction_session_timeout: '2s' },
      ]);
    } finally {
      await source.destroy();
    }
  });

  it('indexes no column of a task that changes with every append', async () => {
    const [source] = sources;
    if (!source) throw new Error('no data source');
    await runMigrations(source);
    const indexes = await source.query<IndexRow[]>(INDEXES);
    expect(indexes.length).toBeGreaterThan(3);
    for (const { name, columns, predicate } of indexes) {
      const volatile = ['last_seq', 'bytes'].filter(
        (column) => columns.includes(column) || predicate?.includes(column),
      );
      expect([name, ...volatile]).toEqual([name]);
    }
  });

  it('finds old messages by a btree, which deleted rows do not degrade', async () => {
    const [source] = sources;
    if (!source) throw new Error('no data source');
    await runMigrations(source);
    const indexes = await source.query<{ name: string; method: string }[]>(`
      select c.relname as name, m.amname as method
      from pg_index i join pg_class c on c.oid = i.indexrelid join pg_am m on m.oid = c.relam
      where i.indrelid::regclass::text like 'a2a\\_%'`);
    expect(indexes).toContainEqual({ name: 'a2a_message_created', method: 'btree' });
    expect(indexes.filter(({ method }) => method !== 'btree')).toEqual([]);
  });
});
