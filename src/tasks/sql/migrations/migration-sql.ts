import { type DataSource, type MigrationInterface, type QueryRunner, Table } from 'typeorm';
import { isMysql } from '../is-mysql.js';
import { migrationStates } from './migration-states.js';

/** The statements of the pending migrations and of their rows in `a2a_migrations`, in order; empty when none is pending. Runs none. */
export async function migrationSql(dataSource: DataSource): Promise<string[]> {
  const states = await migrationStates(dataSource);
  const pending = states.filter(({ state }) => state === 'pending').map(({ name }) => name);
  if (pending.length === 0) return [];
  const runner = dataSource.createQueryRunner();
  try {
    const statements = states.length === pending.length ? await tableOfMigrations(dataSource, runner) : [];
    for (const migration of dataSource.migrations) {
      const { name = '' } = migration;
      if (pending.includes(name)) statements.push(...(await statementsOf(migration, name, runner)));
    }
    return statements;
  } finally {
    await runner.release();
  }
}

/** MySQL commits each change of the schema by itself. */
async function statementsOf(migration: MigrationInterface, name: string, runner: QueryRunner): Promise<string[]> {
  const changes: string[] = [];
  await migration.up(recording(runner, changes));
  const row = `insert into a2a_migrations (timestamp, name) values (${name.slice(-13)}, '${name}')`;
  if (isMysql(runner.dataSource) || migration.transaction === false) return [...changes, row];
  return ['begin', ...changes, row, 'commit'];
}

/** As TypeORM makes it. */
async function tableOfMigrations({ driver }: DataSource, runner: QueryRunner): Promise<string[]> {
  const { migrationId, migrationTimestamp, migrationName } = driver.mappedDataTypes;
  const typed = (name: string, type: typeof migrationId) => ({ name, type: driver.normalizeType({ type }) });
  const columns = [
    { ...typed('id', migrationId), isGenerated: true, generationStrategy: 'increment', isPrimary: true } as const,
    typed('timestamp', migrationTimestamp),
    typed('name', migrationName),
  ];
  runner.enableSqlMemory();
  try {
    await runner.createTable(new Table({ name: 'a2a_migrations', columns }));
    return runner.getMemorySql().upQueries.map(({ query }) => query);
  } finally {
    runner.disableSqlMemory();
  }
}

/**
 * Records what a migration sends by `query`, which it does without parameters. What it reads is answered as the database is now, by
 * `select` and by the methods of the runner.
 */
const recording = (runner: QueryRunner, statements: string[]): QueryRunner =>
  new Proxy(runner, {
    get: (target, name) => {
      if (name === 'query')
        return async (text: string) => (READS.test(text) ? target.query(text) : statements.push(text));
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });

const READS = /^\s*select\b/i;
