// The entry point nest-a2a/sql. The drivers are loaded when the storage is opened.
export {
  mariadbStorage,
  mysqlStorage,
  sqliteStorage,
  type MysqlStorageOptions,
  type SqliteStorageOptions,
} from './storage/sql.storage.js';
export type { MigrationsAtStart } from './tasks/sql/migrations/migrations-at-start.js';
