import { MissingPackageError } from '../common/load-optional.js';
import { valueOrFile } from '../common/value-or-file.js';
import { databaseOf, DATABASE_URL_RULE, type NamedDatabase } from '../storage/database-url.js';
import { DatabaseDriverError } from '../tasks/sql/core/load-driver.js';
import { CliError } from './cli.error.js';

/** The database that `--database-url` names, else DATABASE_URL. @throws CliError */
export function databaseIn(given: string | undefined): NamedDatabase {
  const url = given ?? fromEnvironment();
  if (!url)
    throw new CliError(
      'Name the database: set DATABASE_URL, or --database-url postgres://user:password@host:5432/database.',
    );
  const database = databaseOf(url);
  if (!database) throw new CliError(`The database must be ${DATABASE_URL_RULE}.`);
  return database;
}

function fromEnvironment(): string | undefined {
  try {
    return valueOrFile(process.env, 'DATABASE_URL');
  } catch (error) {
    throw new CliError((error as Error).message);
  }
}

/** Errors of our own, which say what to do. */
const PLAIN: ReadonlySet<string> = new Set(['RevertError', 'LegalHoldError']);

/** What a driver says names neither the URL nor its password. */
export function told(error: unknown): CliError {
  if (error instanceof CliError) return error;
  const { name, message } = error as Error;
  const plain = error instanceof MissingPackageError || error instanceof DatabaseDriverError || PLAIN.has(name);
  return new CliError(plain ? message : `The database says: ${message || name}`);
}
