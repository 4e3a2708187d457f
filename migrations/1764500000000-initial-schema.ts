import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Column types by content. Text compares by its bytes. */
interface Types {
  /** A UUID. */
  readonly uuid: string;
  /** The hash that a string of a client is looked up by. */
  readonly key: string;
  /** A name that this server or its operator chooses. */
  readonly name: string;
  /** Text of any length, preserved to the byte; `json` is JSON. */
  readonly text: string;
  readonly json: string;
  readonly int: string;
  readonly long: string;
  readonly flag: string;
  readonly no: string;
  /** A point in time, in whole milliseconds. */
  readonly time: string;
  /** The column `id`, which the database counts up. */
  readonly serial: string;
}

const POSTGRES: Types = {
  uuid: 'uuid',
  key: 'text',
  name: 'text',
  text: 'text',
  // Not jsonb: the text is preserved to the byte and is sent as it is.
  json: 'json',
  int: 'integer',
  long: 'bigint',
  flag: 'boolean',
  no: 'false',
  time: 'timestamptz(3)',
  serial: 'id bigint generated always as identity primary key',
};

const MYSQL: Types = {
  uuid: 'char(36) character set ascii collate ascii_bin',
  key: 'char(43) character set ascii collate ascii_bin',
  name: 'varchar(255) character set utf8mb4 collate utf8mb4_bin',
  text: 'longtext character set utf8mb4 collate utf8mb4_bin',
  json: 'longtext character set utf8mb4 collate utf8mb4_bin',
  int: 'int',
  long: 'bigint',
  flag: 'boolean',
  no: '0',
  time: 'bigint',
  serial: 'id bigint not null auto_increment primary key',
};

const SQLITE: Types = {
  uuid: 'text',
  key: 'text',
  name: 'text',
  text: 'text',
  json: 'text',
  int: 'integer',
  long: 'integer',
  flag: 'boolean',
  no: '0',
  time: 'integer',
  // TypeORM finds the column by the quotes.
  serial: '"id" integer primary key autoincrement not null',
};

/**
 * `…_key` and `scope` (owner, tenant and agent) are hashes. `waits`: the scope of a queued task, else null. `begun_seq`: the event
 * that began the present turn. `push_configs`: the keys of the active configs; `webhooks`: how many. What an append changes stands
 * at the end of a task's row, so that Postgres logs little of the row.
 */
const tables = (t: Types): Record<string, string> => ({
  a2a_task: `
    task_id ${t.uuid} not null, scope ${t.key} not null, owner_key ${t.key} not null, context_key ${t.key} not null,
    tenant ${t.text} not null, owner ${t.text} not null, agent ${t.name} not null, context_id ${t.text} not null,
    created_at ${t.time} not null, run_owner ${t.name}, fence ${t.int} not null default 1, turn ${t.int} not null default 1,
    attempt ${t.int} not null default 1, crashes ${t.int} not null default 0, failures ${t.int} not null default 0,
    not_before ${t.time}, waits ${t.key}, cancel_requested_at ${t.time}, push_configs ${t.text},
    webhooks ${t.int} not null default 0, trimmed_seq ${t.long} not null default 0, keeps_log ${t.flag} not null default ${t.no},
    begun_seq ${t.long} not null default 1, state ${t.name} not null, status_at ${t.time} not null, rested_at ${t.time},
    last_seq ${t.long} not null, bytes ${t.long} not null, primary key (task_id)`,
  a2a_event: `
    task_id ${t.uuid} not null, seq ${t.long} not null, fence ${t.int} not null, bytes ${t.int} not null, kind ${t.int} not null,
    state ${t.name}, data ${t.json} not null, inbound ${t.json}, request ${t.json}, primary key (task_id, seq)`,
  a2a_snapshot: `
    task_id ${t.uuid} not null, seq ${t.long} not null, bytes ${t.long} not null, size ${t.int} not null,
    bare_bytes ${t.int} not null, doc ${t.json} not null, primary key (task_id)`,
  a2a_inbox: `
    ${t.serial}, task_id ${t.uuid} not null, message_key ${t.key} not null, entry ${t.json} not null,
    created_at ${t.time} not null`,
  a2a_message: `
    message_key ${t.key} not null, digest ${t.name} not null, task_id ${t.uuid} not null, created_at ${t.time} not null,
    primary key (message_key)`,
  a2a_push_config: `
    task_id ${t.uuid} not null, config_key ${t.key} not null, config_id ${t.text} not null, wire_version ${t.name} not null,
    url ${t.text} not null, token ${t.text}, authentication ${t.json}, given_up ${t.int} not null, disabled_at ${t.time},
    created_at ${t.time} not null, primary key (task_id, config_key)`,
  a2a_push_queue: `
    task_id ${t.uuid} not null, config_key ${t.key} not null, owner ${t.text} not null, host ${t.text} not null,
    owed_seq ${t.long} not null, due_at ${t.time}, primary key (task_id, config_key)`,
  a2a_outbox: `
    ${t.serial}, task_id ${t.uuid} not null, seq ${t.long} not null, config_key ${t.key} not null,
    attempts ${t.int} not null default 0, dead_at ${t.time}, dead_reason ${t.text}`,
  a2a_replica: `id ${t.name} not null, lease_until ${t.time} not null, lease_ms ${t.long} not null, primary key (id)`,
  a2a_job: `name ${t.name} not null, due_at ${t.time} not null, primary key (name)`,
});

type Index = readonly [name: string, table: string, on: string];

/** An append of a chunk changes no column of these. */
const INDEXES: readonly Index[] = [
  ['a2a_task_list', 'a2a_task', '(scope, status_at, task_id)'],
  ['a2a_task_state', 'a2a_task', '(scope, state, status_at, task_id)'],
  ['a2a_task_context', 'a2a_task', '(scope, context_key, status_at, task_id)'],
  ['a2a_task_run_owner', 'a2a_task', '(run_owner)'],
  ['a2a_task_line', 'a2a_task', '(waits, not_before, task_id)'],
  ['a2a_task_owner_line', 'a2a_task', '(owner_key, waits)'],
  ['a2a_task_webhooks', 'a2a_task', '(owner_key, state, webhooks)'],
  ['a2a_task_rest', 'a2a_task', '(agent, state, rested_at)'],
  ['a2a_task_untrimmed', 'a2a_task', '(agent, state, trimmed_seq, keeps_log, rested_at)'],
  ['a2a_inbox_task', 'a2a_inbox', '(task_id, id)'],
  ['a2a_message_task', 'a2a_message', '(task_id)'],
  ['a2a_message_created', 'a2a_message', '(created_at)'],
  ['a2a_push_queue_due', 'a2a_push_queue', '(due_at)'],
  ['a2a_outbox_order', 'a2a_outbox', '(task_id, config_key, id)'],
];

const ENDED = `('completed', 'failed', 'canceled', 'rejected')`;
const RESTING = `('completed', 'failed', 'canceled', 'rejected', 'input-required', 'auth-required')`;

/** Postgres has partial indexes: most tasks are in few of them. They replace those of the same name. */
const POSTGRES_INDEXES: readonly Index[] = [
  ['a2a_task_run_owner', 'a2a_task', '(run_owner) where run_owner is not null'],
  ['a2a_task_canceling', 'a2a_task', '(run_owner) where cancel_requested_at is not null and run_owner is not null'],
  ['a2a_task_line', 'a2a_task', '(waits, not_before, task_id) where waits is not null'],
  ['a2a_task_owner_line', 'a2a_task', '(owner_key) where waits is not null'],
  ['a2a_task_webhooks', 'a2a_task', `(owner_key) where webhooks > 0 and state not in ${ENDED}`],
  ['a2a_task_rest', 'a2a_task', `(agent, state, rested_at) where state in ${RESTING}`],
  [
    'a2a_task_untrimmed',
    'a2a_task',
    `(agent, state, rested_at) where state in ${ENDED} and trimmed_seq = 0 and not keeps_log`,
  ],
  // Tasks on which nobody would act. There should be none.
  [
    'a2a_task_forgotten',
    'a2a_task',
    `(agent) where run_owner is null and not_before is null and state not in ${ENDED} and (state not in ${RESTING} or cancel_requested_at is not null)`,
  ],
  ['a2a_push_queue_due', 'a2a_push_queue', '(due_at) where due_at is not null'],
  ['a2a_push_queue_lane', 'a2a_push_queue', '(owner, host, due_at) where due_at is not null'],
];

/** Pages of tasks keep free space, so that updates stay on them. The columns of the statistics depend on each other. */
const POSTGRES_ONLY = [
  'alter table a2a_task set (fillfactor = 50)',
  'create statistics a2a_task_scope (mcv) on scope, state from a2a_task',
];

/** MySQL commits each statement of a migration separately. An interrupted migration starts again from its beginning. */
export class InitialSchema1764500000000 implements MigrationInterface {
  readonly name = 'InitialSchema1764500000000';

  async up(runner: QueryRunner): Promise<void> {
    await refuseOlderTables(runner);
    const postgres = runner.dataSource.options.type === 'postgres';
    const mysql = ['mysql', 'mariadb'].includes(runner.dataSource.options.type);
    const types = postgres ? POSTGRES : mysql ? MYSQL : SQLITE;
    const own = new Set(POSTGRES_INDEXES.map(([name]) => name));
    const indexes = postgres ? [...INDEXES.filter(([name]) => !own.has(name)), ...POSTGRES_INDEXES] : INDEXES;
    for (const [table, columns] of Object.entries(tables(types))) {
      const on = indexes.filter(([, indexed]) => indexed === table);
      const inside = mysql ? on.map(([name, , columns]) => `, index ${name} ${columns}`).join('') : '';
      await runner.query(`create table if not exists ${table} (${columns}${inside})${mysql ? ' engine = InnoDB' : ''}`);
      if (mysql) continue;
      for (const [name, , columns] of on)
        await runner.query(`create index if not exists ${name} on ${table} ${columns}`);
    }
    if (postgres) for (const statement of POSTGRES_ONLY) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of Object.keys(tables(SQLITE))) await runner.query(`drop table if exists ${table}`);
  }
}

/** States of this package from before its first release had other tables. */
async function refuseOlderTables(runner: QueryRunner): Promise<void> {
  if (!(await runner.hasTable('a2a_task'))) return;
  for (const column of ['scope', 'push_configs']) {
    if (await runner.hasColumn('a2a_task', column)) continue;
    throw new Error(
      'The database has tables of a state of nest-a2a from before its first release. Use an empty database.',
    );
  }
}
