import { afterAll, describe, expect, it } from '@jest/globals';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { A2A_MIGRATIONS } from '../../../../migrations/index.js';
import { createTestDatabase } from '../../../../test/support/test-database.js';
import { createTestMysql } from '../../../../test/support/test-mysql.js';
import { mysqlDataSource } from '../mysql/mysql-data-source.js';
import { a2aDataSourceOptions } from '../postgres/data-source-options.js';
import { sqljsDataSource } from '../sqlite/sqlite-data-source.js';
import { TABLES } from './tables.js';

const [postgres, mysql] = await Promise.all([createTestDatabase(), createTestMysql()]);
afterAll(async () => {
  await postgres.drop();
  await mysql?.drop();
});

const databases: { name: string; options: () => DataSourceOptions | Promise<DataSourceOptions> }[] = [
  { name: 'Postgres', options: () => a2aDataSourceOptions(postgres.url) },
  { name: 'SQLite', options: () => sqljsDataSource() },
  ...(mysql ? [{ name: mysql.type, options: () => mysqlDataSource(mysql.type, mysql.url) }] : []),
];

describe.each(databases)('the schema that the migrations make on $name', ({ options }) => {
  it('is the one of the entities, with the same tables and columns everywhere', async () => {
    const source = await new DataSource(await options()).initialize();
    try {
      await source.runMigrations({ transaction: 'each' });
      const { upQueries } = await source.driver.createSchemaBuilder().log();
      expect(upQueries.map(({ query }) => query)).toEqual([]);
      const runner = source.createQueryRunner();
      for (const [name, { columns }] of Object.entries(TABLES)) {
        const table = await runner.getTable(name);
        expect(table?.columns.map((column) => column.name).sort()).toEqual(Object.keys(columns).sort());
      }
      for (const _ of A2A_MIGRATIONS) await source.undoLastMigration({ transaction: 'each' });
      for (const name of Object.keys(TABLES)) expect(await runner.hasTable(name)).toBe(false);
      await runner.release();
    } finally {
      await source.destroy();
    }
  });
});
