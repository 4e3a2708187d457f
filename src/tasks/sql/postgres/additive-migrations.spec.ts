import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/test-database.js';
import { A2A_MIGRATIONS } from '../../../../migrations/index.js';
import { a2aDataSourceOptions } from './data-source-options.js';

/** Before this one there is no version. */
const EXCEPTED = new Set(['InitialSchema1764500000000']);

interface Column {
  /** Table and name. */
  readonly name: string;
  readonly type: string;
  /** A row can be written without this column. */
  readonly optional: boolean;
}

const COLUMNS = `
select c.table_name || '.' || c.column_name as name,
  c.data_type || coalesce('(' || c.datetime_precision || ')', '') as type,
  c.is_nullable = 'YES' or c.column_default is not null or c.is_identity = 'YES' as optional
from information_schema.columns c
where c.table_schema = current_schema() and c.table_name like 'a2a\\_%' and c.table_name <> 'a2a_migrations'`;

/** Constraints on rows: unique indexes and check conditions. */
const CONSTRAINTS = `
select conrelid::regclass || ': ' || pg_get_constraintdef(oid) as name
from pg_constraint
where connamespace = current_schema()::regnamespace and contype in ('c', 'f', 'p', 'u', 'x')
union all
select indrelid::regclass || ': ' || pg_get_indexdef(indexrelid)
from pg_index where indisunique and not indisprimary and indrelid::regclass::text like 'a2a\\_%'`;

/** What would break a version that knows only the columns of `before`. */
function obstacles(before: readonly Column[], after: readonly Column[]): string[] {
  const known = new Map(before.map((column) => [column.name, column]));
  const tables = new Set(before.map(({ name }) => name.split('.')[0]));
  const found = new Map(after.map((column) => [column.name, column]));
  const lost = before.flatMap(({ name, type, optional }) => {
    const now = found.get(name);
    if (!now) return [`${name} is gone`];
    if (now.type !== type) return [`${name} was ${type} and is ${now.type}`];
    return optional && !now.optional ? [`${name} could be left out and cannot any more`] : [];
  });
  const added = after.filter(({ name, optional }) => {
    return !known.has(name) && !optional && tables.has(name.split('.')[0] ?? '');
  });
  return [...lost, ...added.map(({ name }) => `${name} is new and cannot be left out`)];
}

describe('what a migration leaves to replicas of the version before', () => {
  let database: TestDatabase;
  let source: DataSource;

  beforeAll(async () => {
    database = await createTestDatabase();
    const options = { ...a2aDataSourceOptions(database.url, { poolSize: 2 }), migrations: [...A2A_MIGRATIONS] };
    source = await new DataSource(options).initialize();
    await source.runMigrations({ transaction: 'each' });
  });
  afterAll(async () => {
    await source.destroy();
    await database.drop();
  });

  const columns = (): Promise<Column[]> => source.query<Column[]>(COLUMNS);
  const constraints = async (): Promise<string[]> =>
    (await source.query<{ name: string }[]>(CONSTRAINTS)).map(({ name }) => name);

  // Newest first: reverting each migration shows the schema before it.
  it.each([...A2A_MIGRATIONS].reverse().map(({ name }) => name))(
    '%s adds, and takes nothing away that is read or written',
    async (name) => {
      const after = { columns: await columns(), constraints: await constraints() };
      await source.undoLastMigration({ transaction: 'each' });
      if (EXCEPTED.has(name)) return;
      const before = { columns: await columns(), constraints: await constraints() };
      expect(obstacles(before.columns, after.columns)).toEqual([]);
      const tables = new Set(before.columns.map((column) => column.name.split('.')[0]));
      const stricter = after.constraints.filter((constraint) => {
        return !before.constraints.includes(constraint) && tables.has(constraint.split(':')[0]);
      });
      expect(stricter).toEqual([]);
      // The unique indexes that `on conflict` refers to.
      expect(before.constraints.filter((constraint) => !after.constraints.includes(constraint))).toEqual([]);
    },
  );

  it('is seen by this test', () => {
    const column = (name: string, type = 'text', optional = true): Column => ({ name, type, optional });
    const before = [column('t.a'), column('t.b'), column('t.c')];
    const after = [
      column('t.b', 'bigint'),
      column('t.c', 'text', false),
      column('t.d', 'text', false),
      column('u.a', 'text', false),
    ];
    expect(obstacles(before, after)).toEqual([
      't.a is gone',
      't.b was text and is bigint',
      't.c could be left out and cannot any more',
      't.d is new and cannot be left out',
    ]);
    expect(obstacles(before, [...before, column('t.d')])).toEqual([]);
  });
});
