import { type DataSource, MigrationExecutor, type QueryRunner } from 'typeorm';

/** A migration cannot be reverted. The message says why. */
export class RevertError extends Error {
  override readonly name = 'RevertError';
}

/**
 * Reverts the last migration, with the data of what it made. `name`: what the caller takes for the last one; it is no other that is
 * reverted. The caller has the lock. @throws RevertError
 */
export async function revertLast(dataSource: DataSource, name: string, runner?: QueryRunner): Promise<void> {
  const executor = new MigrationExecutor(dataSource, runner);
  executor.transaction = 'each';
  // Newest first.
  const [last] = await executor.getExecutedMigrations();
  if (last === undefined) throw new RevertError('No migration has run in this database.');
  if (last.name !== name) throw new RevertError(`The last migration is ${last.name}, not ${name}.`);
  const known = dataSource.migrations.some((migration) => migration.name === name);
  if (!known) throw new RevertError(`${name} is a migration of a newer version, which has to revert it.`);
  await executor.undoLastMigration();
}
