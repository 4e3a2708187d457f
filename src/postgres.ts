// The entry point nest-a2a/postgres. The drivers are loaded when the storage is opened.
export {
  migratePostgres,
  postgresStorage,
  type PostgresDataSourceOptions,
  type PostgresStorageOptions,
  type PostgresUrlOptions,
} from './storage/postgres.storage.js';
export type { MigrationsAtStart } from './tasks/sql/migrations/migrations-at-start.js';
