import { type MigrationState, migrationStates } from '../../tasks/sql/migrations/migration-states.js';
import type { MigrationSource } from '../../tasks/sql/migrations/migration-source.js';
import { CliError } from '../cli.error.js';

export interface MigrationCall {
  readonly source: MigrationSource;
  /** The name that was given. */
  readonly migration?: string;
  readonly schema?: string;
}

type Action = (call: MigrationCall) => Promise<string>;

/** Each returns what to print. */
export const migrationActions: Readonly<Record<string, Action>> = { show, run, sql, revert };

const UP_TO_DATE = 'The tables are up to date.';

const LABELS: Readonly<Record<MigrationState['state'], string>> = {
  done: 'done   ',
  pending: 'pending',
  unknown: 'newer  ',
};

async function show({ source }: MigrationCall): Promise<string> {
  const states = await migrationStates(source.dataSource);
  return states.map(({ name, state }) => `${LABELS[state]}  ${name}`).join('\n');
}

async function run({ source }: MigrationCall): Promise<string> {
  const done = await source.run();
  return done.length === 0 ? UP_TO_DATE : done.map((name) => `ran  ${name}`).join('\n');
}

async function sql({ source, schema }: MigrationCall): Promise<string> {
  const { migrationSql } = await import('../../tasks/sql/migrations/migration-sql.js');
  const statements = await migrationSql(source.dataSource);
  if (statements.length === 0) return `-- ${UP_TO_DATE}`;
  const there =
    schema === undefined ? [] : [`create schema if not exists "${schema}"`, `set search_path to "${schema}"`];
  return [...there, ...statements].map((statement) => `${statement};`).join('\n');
}

async function revert({ source, migration }: MigrationCall): Promise<string> {
  if (migration === undefined) {
    const done = (await migrationStates(source.dataSource)).filter(({ state }) => state !== 'pending');
    const last = done.at(-1)?.name;
    throw new CliError(
      last === undefined
        ? 'No migration has run in this database.'
        : `Name the migration to undo: nest-a2a migrations revert ${last}. The data in what it made is deleted.`,
    );
  }
  await source.revert(migration);
  return `reverted  ${migration}`;
}
