import type { DataSource } from 'typeorm';
import { A2A_MIGRATIONS } from '../../../../migrations/index.js';

/** A migration, and what the database says of it. `unknown`: it has run, and is one of a newer version. */
export interface MigrationState {
  readonly name: string;
  readonly state: 'done' | 'pending' | 'unknown';
}

/** The migrations of this version, oldest first, then those that only the database knows. Changes nothing and needs no permission to. */
export async function migrationStates(dataSource: DataSource): Promise<MigrationState[]> {
  const done = await doneMigrations(dataSource);
  const known: string[] = A2A_MIGRATIONS.map((Migration) => new Migration().name);
  return [
    ...known.map((name) => ({ name, state: done.includes(name) ? 'done' : 'pending' }) as const),
    ...done.filter((name) => !known.includes(name)).map((name) => ({ name, state: 'unknown' }) as const),
  ];
}

async function doneMigrations(dataSource: DataSource): Promise<string[]> {
  if (!(await hasMigrationsTable(dataSource))) return [];
  const rows = await dataSource.query<{ name: string }[]>('select name from a2a_migrations order by id');
  return rows.map(({ name }) => name);
}

/** On Postgres where the `search_path` points, as all statements of the stores: an application's DataSource may name another schema. */
async function hasMigrationsTable(dataSource: DataSource): Promise<boolean> {
  if (dataSource.options.type === 'postgres') {
    const [row] = await dataSource.query<{ there: boolean }[]>(
      `select to_regclass('a2a_migrations') is not null as there`,
    );
    return row?.there === true;
  }
  const runner = dataSource.createQueryRunner();
  return runner.hasTable('a2a_migrations').finally(() => runner.release());
}
