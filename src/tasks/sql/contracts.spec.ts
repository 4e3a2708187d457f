import { afterAll } from '@jest/globals';
import { createTestMysql } from '../../../test/support/test-mysql.js';
import { createTestSqlite } from '../../../test/support/test-sqlite.js';
import { storageContracts } from '../../testing/contracts/storage.contracts.js';
import { mysqlDataSource } from './mysql/mysql-data-source.js';
import { openSqlStores } from './open-stores.js';
import { sqliteDataSource, sqljsDataSource } from './sqlite/sqlite-data-source.js';

const [mysql, sqlite] = await Promise.all([createTestMysql(), createTestSqlite()]);
afterAll(async () => {
  await mysql?.drop();
  sqlite?.drop();
});

storageContracts('SQLite as WebAssembly', async () => openSqlStores(await sqljsDataSource()), {
  artifactsApart: false,
});

if (sqlite) {
  storageContracts('SQLite', async () => openSqlStores(await sqliteDataSource(sqlite.file)), {
    durable: true,
    artifactsApart: false,
  });
}

if (mysql) {
  const { type, url } = mysql;
  storageContracts(type, async () => openSqlStores(await mysqlDataSource(type, url)), {
    durable: true,
    artifactsApart: false,
  });
}
