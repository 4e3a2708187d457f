import type { MigrationInterface, QueryRunner } from 'typeorm';
import { type Family, familyOf } from './family-of.js';

type Column = readonly [table: string, name: string, types: Readonly<Record<Family, string>>];

const UTF8_TEXT = 'longtext character set utf8mb4 collate utf8mb4_bin';

/**
 * All may be left out, because replicas of the version before do. They stand at the end of their rows, and adding them writes no
 * row again.
 */
const COLUMNS: readonly Column[] = [
  // When the event was committed.
  ['a2a_event', 'at', { postgres: 'timestamptz(3)', mysql: 'bigint', sqlite: 'integer' }],
  // The text of the status message of a task that has ended or waits for its client; null while it works, so no chunk copies it.
  ['a2a_task', 'reason', { postgres: 'text', mysql: UTF8_TEXT, sqlite: 'text' }],
  // What the last attempts to deliver it met with.
  ['a2a_outbox', 'attempt_log', { postgres: 'json', mysql: UTF8_TEXT, sqlite: 'text' }],
  // A dead letter is owed again, so more may be owed than `owed_seq` tells.
  [
    'a2a_push_queue',
    'redriven',
    {
      postgres: 'boolean not null default false',
      mysql: 'boolean not null default 0',
      sqlite: 'boolean not null default 0',
    },
  ],
];

type Index = readonly [name: string, table: string, on: Readonly<Record<Family, string>> | string];

const POSTGRES_ONLY = { mysql: '', sqlite: '' };

/**
 * Each index of a2a_task is written when a task is created and when its state changes; an append of a chunk writes none. So there
 * is one for each filter that would otherwise read all tasks, and no more: a filter by time uses the order of the ids, one by queue
 * or replica the indexes that are there.
 */
const INDEXES: readonly Index[] = [
  // By agent, by state, or both: all pairs of them are few. Also counts open tasks.
  ['a2a_task_agent_state', 'a2a_task', '(agent, state, task_id)'],
  // One owner's tasks, over all tenants and agents.
  ['a2a_task_owner', 'a2a_task', '(owner_key, task_id)'],
  // The tasks of a context, of which an operator knows nothing else. The other index by context begins with the scope.
  ['a2a_task_any_context', 'a2a_task', '(context_key, task_id)'],
  // Costs nothing where there are no tenants. A tenant may be longer than an index takes.
  [
    'a2a_task_tenant',
    'a2a_task',
    {
      postgres: `(left(tenant, 64), task_id) where tenant <> ''`,
      mysql: '(tenant(64), task_id)',
      sqlite: `(tenant, task_id) where tenant <> ''`,
    },
  ],
  // Dead letters and disabled webhooks, both rare. A delivery that arrives is in none of them.
  ['a2a_outbox_dead', 'a2a_outbox', { ...POSTGRES_ONLY, postgres: '(id) where dead_at is not null' }],
  [
    'a2a_push_config_disabled',
    'a2a_push_config',
    { ...POSTGRES_ONLY, postgres: '(task_id) where disabled_at is not null' },
  ],
];

/** What operators read of tasks, events and deliveries. MySQL commits each statement: an interrupted migration starts again. */
export class AdminReads1764600000000 implements MigrationInterface {
  readonly name = 'AdminReads1764600000000';

  async up(runner: QueryRunner): Promise<void> {
    const family = familyOf(runner);
    for (const [table, name, types] of COLUMNS) {
      if (await runner.hasColumn(table, name)) continue;
      await runner.query(`alter table ${table} add column ${name} ${types[family]}`);
    }
    for (const [name, table, on] of INDEXES) {
      const columns = typeof on === 'string' ? on : on[family];
      if (columns === '' || (await hasIndex(runner, table, name))) continue;
      await runner.query(`create index ${name} on ${table} ${columns}`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    const mysql = familyOf(runner) === 'mysql';
    for (const [name, table] of INDEXES) {
      if (await hasIndex(runner, table, name)) await runner.query(`drop index ${name}${mysql ? ` on ${table}` : ''}`);
    }
    for (const [table, name] of COLUMNS) {
      if (await runner.hasColumn(table, name)) await runner.query(`alter table ${table} drop column ${name}`);
    }
  }
}

async function hasIndex(runner: QueryRunner, table: string, name: string): Promise<boolean> {
  const statements: Readonly<Record<Family, string>> = {
    postgres: `select 1 from pg_indexes where schemaname = current_schema() and tablename = '${table}' and indexname = '${name}'`,
    mysql: `select 1 from information_schema.statistics where table_schema = database() and table_name = '${table}' and index_name = '${name}'`,
    sqlite: `select 1 from sqlite_master where type = 'index' and tbl_name = '${table}' and name = '${name}'`,
  };
  const rows = (await runner.query(statements[familyOf(runner)])) as unknown[];
  return rows.length > 0;
}
