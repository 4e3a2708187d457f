import { afterAll, describe, expect, it } from '@jest/globals';
import { createTestMysql } from '../../../test/support/test-mysql.js';
import { mysqlDataSource } from './mysql/mysql-data-source.js';
import { openSqlStores } from './open-stores.js';
import { sqljsDataSource } from './sqlite/sqlite-data-source.js';

/** Time zones differ by more, and a busy machine takes less. */
const MINUTE_MS = 60_000;

const mysql = await createTestMysql();
afterAll(() => mysql?.drop());

describe('the clock of the SQL stores', () => {
  const databases = [
    { name: 'SQLite', options: () => sqljsDataSource() },
    ...(mysql ? [{ name: mysql.type, options: () => mysqlDataSource(mysql.type, mysql.url) }] : []),
  ];

  it.each(databases)(
    'says milliseconds of the epoch on $name, whatever the session takes for its time zone',
    async ({ name, options }) => {
      const stores = await openSqlStores(await options());
      try {
        if (name !== 'SQLite') await stores.dataSource.query(`set session time_zone = '+09:00'`);
        const clocks = await Promise.all([0, 1, 2, 3].map(() => stores.runs.clock?.()));
        for (const clock of clocks) expect(Math.abs((clock ?? 0) - Date.now())).toBeLessThan(MINUTE_MS);
        expect(clocks.every(Number.isInteger)).toBe(true);
      } finally {
        await stores.close();
      }
    },
  );
});
