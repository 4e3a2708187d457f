import type { DataSource } from 'typeorm';
import { A2A_MIGRATIONS } from '../../../migrations/index.js';
import { Database } from './database.js';

/** Throws when the schema lacks migrations of this version. Changes nothing and needs no permission to. */
export async function checkMigrations(dataSource: DataSource): Promise<void> {
  const { query } = Database.of(dataSource);
  const [row] = await query<{ there: boolean }>(`select to_regclass('a2a_migrations') is not null as there`);
  const done = row?.there ? await query<{ name: string }>('select name from a2a_migrations') : [];
  const names = new Set(done.map(({ name }) => name));
  const pending = A2A_MIGRATIONS.map((Migration) => new Migration().name).filter((name) => !names.has(name));
  if (pending.length === 0) return;
  throw new Error(
    `The tables of A2A in the database are not up to date: ${pending.length} migrations are pending (${pending.join(', ')}). ` +
      "Run them with migratePostgres() of nest-a2a/postgres, or start with postgresStorage({ migrations: 'run' }).",
  );
}
