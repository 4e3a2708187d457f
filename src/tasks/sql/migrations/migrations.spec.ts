import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { createTestDatabase } from '../../../../test/support/test-database.js';
import { createTestMysql } from '../../../../test/support/test-mysql.js';
import { A2A_MIGRATIONS } from '../../../../migrations/index.js';
import { mysqlDataSource } from '../mysql/mysql-data-source.js';
import { a2aDataSourceOptions } from '../postgres/data-source-options.js';
import { revertMigration, runMigrations } from '../postgres/run-migrations.js';
import { revertSqlMigration, runSqlMigrations } from '../run-sql-migrations.js';
import { sqljsDataSource } from '../sqlite/sqlite-data-source.js';
import { checkMigrations } from './check-migrations.js';
import { migrationSql } from './migration-sql.js';
import { migrationStates } from './migration-states.js';

interface Kind {
  options(): Promise<{ options: DataSourceOptions; drop(): Promise<void> }>;
  readonly run: typeof runMigrations;
  readonly revert: typeof revertMigration;
  /** What the tables are made of, as text. */
  readonly schema: string;
}

const COLUMNS = (where: string): string =>
  `select table_name as a, column_name as b, data_type as c, column_default as d, is_nullable as e
   from information_schema.columns where table_name like 'a2a%' and ${where} order by 1, 2`;

const nothing = async (): Promise<void> => undefined;
const others = { run: runSqlMigrations, revert: revertSqlMigration };
const mysql = await createTestMysql();
await mysql?.drop();

const KINDS: Record<string, Kind> = {
  Postgres: {
    options: async () => {
      const database = await createTestDatabase();
      return { options: a2aDataSourceOptions(database.url, { poolSize: 2 }), drop: database.drop };
    },
    run: runMigrations,
    revert: revertMigration,
    schema: `select a::text, b::text, c::text, d::text, e::text from (${COLUMNS('true')}) columns
      union all select indexrelid::regclass::text, pg_get_indexdef(indexrelid), '', '', ''
      from pg_index where indrelid::regclass::text like 'a2a%' order by 1, 2`,
  },
  'SQLite as WebAssembly': {
    options: async () => ({ options: await sqljsDataSource(), drop: nothing }),
    ...others,
    schema: `select name, sql from sqlite_master where name like '%a2a%' order by name`,
  },
  ...(mysql && {
    [mysql.type]: {
      options: async () => {
        const database = (await createTestMysql())!;
        return {
          options: await mysqlDataSource(database.type, database.url, { poolSize: 2 }),
          drop: () => database.drop(),
        };
      },
      ...others,
      schema: COLUMNS('table_schema = database()'),
    } satisfies Kind,
  }),
};

const names = A2A_MIGRATIONS.map(({ name }) => name);
const last = names.at(-1)!;

describe.each(Object.entries(KINDS))('migrations in %s', (_name, { options, run, revert, schema }) => {
  const opened: { source: DataSource; drop(): Promise<void> }[] = [];
  let source: DataSource;

  async function emptyDatabase(): Promise<DataSource> {
    const { options: of, drop } = await options();
    const made = await new DataSource(of).initialize();
    opened.push({ source: made, drop });
    return made;
  }

  beforeEach(async () => {
    source = await emptyDatabase();
  });
  afterEach(async () => {
    for (const { source: made, drop } of opened.splice(0)) {
      await made.destroy();
      await drop();
    }
  });

  const states = async (): Promise<string[]> => (await migrationStates(source)).map(({ state }) => state);

  it('are pending, then done; looking changes nothing', async () => {
    expect(await states()).toEqual(names.map(() => 'pending'));
    await expect(checkMigrations(source)).rejects.toThrow(`Pending migrations: ${names.join(', ')}.`);
    expect(await source.query(schema)).toEqual([]);
    expect(await run(source)).toEqual(names);
    expect(await run(source)).toEqual([]);
    expect(await states()).toEqual(names.map(() => 'done'));
    await checkMigrations(source);
  });

  it('of a newer version are not pending, and are not reverted by this one', async () => {
    await run(source);
    await source.query(`insert into a2a_migrations (timestamp, name) values (9999999999999, 'Later9999999999999')`);
    expect(await states()).toEqual([...names.map(() => 'done'), 'unknown']);
    await checkMigrations(source);
    await expect(revert(source, 'Later9999999999999')).rejects.toThrow('is a migration of a newer version');
  });

  it('as statements make the tables that running them makes', async () => {
    const statements = await migrationSql(source);
    expect(await source.query(schema)).toEqual([]);
    for (const statement of statements) await source.query(statement);
    expect(await states()).toEqual(names.map(() => 'done'));
    expect(await run(source)).toEqual([]);
    expect(await migrationSql(source)).toEqual([]);
    const other = await emptyDatabase();
    await run(other);
    expect(await source.query(schema)).toEqual(await other.query(schema));
  });

  it('are reverted one at a time, the last one first, and only if it is the one that is named', async () => {
    await expect(revert(source, last)).rejects.toThrow('No migration has run');
    await run(source);
    await expect(revert(source, 'Another1')).rejects.toThrow(`The last migration is ${last}, not Another1.`);
    expect(await states()).toEqual(names.map(() => 'done'));
    await revert(source, last);
    expect((await states()).at(-1)).toBe('pending');
    expect(await run(source)).toEqual([last]);
  });
});
