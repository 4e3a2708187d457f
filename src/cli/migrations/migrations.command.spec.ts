import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { createTestSqlite } from '../../../test/support/test-sqlite.js';
import { A2A_MIGRATIONS } from '../../../migrations/index.js';
import { migrationsCommand } from './migrations.command.js';

const names = A2A_MIGRATIONS.map(({ name }) => name);
const last = names.at(-1)!;
const lines = (word: string): string => names.map((name) => `${word}  ${name}`).join('\n');

const sqlite = await createTestSqlite();
sqlite?.drop();

describe('nest-a2a migrations', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await createTestDatabase();
  });
  afterEach(() => database.drop());
  const migrations = (...args: string[]): Promise<string> =>
    migrationsCommand.run([...args, '--database-url', database.url]);

  async function asked(sql: string): Promise<unknown[]> {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    try {
      const results = (await client.query({ text: sql, rowMode: 'array' })) as
        pg.QueryArrayResult | pg.QueryArrayResult[];
      return Array.isArray(results) ? [] : results.rows.flat();
    } finally {
      await client.end();
    }
  }

  it('shows what is pending, runs it once, and names the last one before it undoes it', async () => {
    expect(await migrations('show')).toBe(lines('pending'));
    expect(await migrations('run')).toBe(lines('ran'));
    expect(await migrations('run')).toBe('The tables are up to date.');
    expect(await migrations('show')).toBe(lines('done   '));
    await expect(migrations('revert')).rejects.toThrow(`nest-a2a migrations revert ${last}. The data in what it made`);
    await expect(migrations('revert', 'Another1')).rejects.toThrow(/^The last migration is/);
    expect(await migrations('show')).toBe(lines('done   '));
    expect(await migrations('revert', last)).toBe(`reverted  ${last}`);
    expect(await migrations('show')).toContain(`pending  ${last}`);
  });

  it('runs each migration once when several do it at the same time', async () => {
    const said = await Promise.all([migrations('run'), migrations('run'), migrations('run')]);
    expect(said.filter((text) => text.startsWith('ran')).join('\n')).toBe(lines('ran'));
  });

  it('prints statements that psql takes as they are, in a schema of their own', async () => {
    const sql = await migrations('sql', '--schema', 'agents');
    expect(await asked('select 1 from pg_tables where tablename = $$a2a_task$$')).toEqual([]);
    await asked(sql);
    expect(await asked('select schemaname from pg_tables where tablename = $$a2a_task$$')).toEqual(['agents']);
    expect(await migrations('show', '--schema', 'agents')).toBe(lines('done   '));
    expect(await migrations('sql', '--schema', 'agents')).toBe('-- The tables are up to date.');
    expect(await migrations('show')).toBe(lines('pending'));
  });

  it('says in one line what the database refuses, without the password', async () => {
    const url = database.url.replace(/\/[^/]*$/, '/not_there').replace(/\/\/\w+:?[^@]*@/, '//nobody_here:hush@');
    const failed = await migrationsCommand.run(['run', '--database-url', url]).catch((error: unknown) => error);
    expect(failed).toMatchObject({ name: 'CliError', message: expect.stringMatching(/^The database says: .+$/) });
    expect(String(failed)).not.toContain('hush');
  });
});

it.each([
  ['Usage: nest-a2a migrations show, run, sql or revert', ['generate']],
  ["Unknown option '--databse-url'", ['run', '--databse-url', 'x']],
  ['Name the database: set DATABASE_URL', ['run']],
  ['The database must be a URL of a database that begins with postgres://', ['run', '--database-url', 'redis://h']],
  ['--schema is for Postgres only', ['run', '--database-url', 'mysql://h/d', '--schema', 'a']],
  ['--schema must be a name of 1 to 63', ['run', '--database-url', 'postgres://h/d', '--schema', 'a"b']],
  ['There is no file not-there.db', ['show', '--database-url', 'sqlite:not-there.db']],
])('nest-a2a migrations says what is wrong: %s', async (text, args) => {
  await expect(migrationsCommand.run(args)).rejects.toThrow(text);
});

if (sqlite) {
  it('nest-a2a migrations makes a SQLite file', async () => {
    const { file, drop } = (await createTestSqlite())!;
    try {
      const url = ['--database-url', `sqlite:${file}`];
      expect(await migrationsCommand.run(['run', ...url])).toBe(lines('ran'));
      expect(await migrationsCommand.run(['show', ...url])).toBe(lines('done   '));
    } finally {
      drop();
    }
  });
}
