import { CliError } from '../cli.error.js';
import { parseArguments } from '../parse-arguments.js';
import { opened, schemaIn } from '../data-source.js';
import { databaseIn, told } from '../database.js';
import { migrationActions } from './migrations.actions.js';

const USAGE = `  migrations show [--database-url URL] [--schema NAME]
  migrations run [--database-url URL] [--schema NAME]
  migrations sql [--database-url URL] [--schema NAME]
  migrations revert NAME [--database-url URL] [--schema NAME]
    The tables of A2A in Postgres, MySQL, MariaDB or SQLite. URL is that of DATABASE_URL, or in the file DATABASE_URL_FILE, if you leave
    it out. \`sql\` prints what \`run\` would do. \`revert\` undoes the last migration and deletes the data of what it made.`;

const OPTIONS = { 'database-url': { type: 'string' }, schema: { type: 'string' } } as const;

/** `nest-a2a migrations`: brings the tables up to date as the start of an application does, under the same lock. */
export const migrationsCommand = {
  usage: USAGE,
  async run([name = '', ...args]: readonly string[]): Promise<string> {
    const action = Object.hasOwn(migrationActions, name) ? migrationActions[name] : undefined;
    if (!action) throw new CliError(`Usage: nest-a2a migrations show, run, sql or revert\n\n${USAGE}`);
    const { values, positionals } = parseArguments(args, OPTIONS, { usage: USAGE, allowPositionals: true });
    const database = { ...databaseIn(values['database-url']), ...schemaIn(values.schema) };
    const source = await opened('nest-a2a migrations', database, name === 'run');
    try {
      return await action({ source, migration: positionals[0], schema: values.schema });
    } catch (error) {
      throw told(error);
    } finally {
      await source.dataSource.destroy();
    }
  },
};
