import type { DataSource } from 'typeorm';
import { migrationStates } from './migration-states.js';

/** The database lacks migrations of this version, and this process must not run them. The message says how to. */
export class PendingMigrationsError extends Error {
  override readonly name = 'PendingMigrationsError';

  constructor(readonly pending: readonly string[]) {
    super(
      `The tables of A2A in the database are not up to date. Pending migrations: ${pending.join(', ')}. ` +
        "Run `npx nest-a2a migrations run` first, or start with the option migrations: 'run' (the service: A2A_MIGRATIONS=run).",
    );
  }
}

/** Changes nothing and needs no permission to. @throws PendingMigrationsError */
export async function checkMigrations(dataSource: DataSource): Promise<void> {
  const pending = (await migrationStates(dataSource)).filter(({ state }) => state === 'pending');
  if (pending.length > 0) throw new PendingMigrationsError(pending.map(({ name }) => name));
}
