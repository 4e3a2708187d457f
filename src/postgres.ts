// The entry point nest-a2a/postgres. The drivers are loaded when the storage is opened.
export {
  migratePostgres,
  postgresStorage,
  type PostgresDataSourceOptions,
  type PostgresStorageOptions,
  type PostgresUrlOptions,
} from './storage/postgres.storage.js';
export type { PostgresMigrations } from './tasks/typeorm/open-postgres.js';
