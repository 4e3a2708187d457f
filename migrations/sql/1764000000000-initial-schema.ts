import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Column types by content. Text compares by its bytes. */
interface Types {
  /** A UUID. */
  readonly uuid: string;
  /** The hash that a string of a client is looked up by. */
  readonly key: string;
  /** A name that this server creates. */
  readonly name: string;
  /** Text of any length, preserved to the byte. */
  readonly text: string;
  readonly number: string;
  readonly serial: string;
}

const MYSQL: Types = {
  uuid: 'char(36) character set ascii collate ascii_bin',
  key: 'char(43) character set ascii collate ascii_bin',
  name: 'varchar(255) character set utf8mb4 collate utf8mb4_bin',
  text: 'longtext character set utf8mb4 collate utf8mb4_bin',
  number: 'bigint',
  serial: 'bigint not null auto_increment primary key',
};

const SQLITE: Types = {
  uuid: 'text',
  key: 'text',
  name: 'text',
  text: 'text',
  number: 'integer',
  serial: 'integer primary key autoincrement',
};

/**
 * Times are milliseconds since the epoch. `waits`: the scope of a queued task; otherwise null. `begun_seq`: the event that began
 * the present turn. `webhooks`: the number of active configs.
 */
const tables = (t: Types): Record<string, string> => ({
  a2a_task: `
    task_id ${t.uuid} not null, scope ${t.key} not null, owner_key ${t.key} not null, context_key ${t.key} not null,
    tenant ${t.text} not null, owner ${t.text} not null, agent ${t.name} not null, context_id ${t.text} not null,
    state ${t.name} not null, status_at ${t.number} not null, last_seq ${t.number} not null, bytes ${t.number} not null,
    run_owner ${t.name}, fence ${t.number} not null, turn ${t.number} not null, attempt ${t.number} not null,
    losses ${t.number} not null, failures ${t.number} not null,
    begun_seq ${t.number} not null, webhooks ${t.number} not null, trimmed_seq ${t.number} not null,
    keeps_log ${t.number} not null, cancel_requested_at ${t.number}, not_before ${t.number}, waits ${t.key},
    rested_at ${t.number}, created_at ${t.number} not null,
    primary key (task_id)`,
  a2a_event: `
    task_id ${t.uuid} not null, seq ${t.number} not null, fence ${t.number} not null, bytes ${t.number} not null,
    kind ${t.number} not null, state ${t.name}, data ${t.text} not null, inbound ${t.text}, request ${t.text},
    primary key (task_id, seq)`,
  a2a_snapshot: `
    task_id ${t.uuid} not null, seq ${t.number} not null, bytes ${t.number} not null, size ${t.number} not null,
    doc ${t.text} not null, primary key (task_id)`,
  a2a_inbox: `
    id ${t.serial}, task_id ${t.uuid} not null, message_key ${t.key} not null, entry ${t.text} not null,
    created_at ${t.number} not null`,
  a2a_message: `
    message_key ${t.key} not null, digest ${t.name} not null, task_id ${t.uuid} not null, created_at ${t.number} not null,
    primary key (message_key)`,
  a2a_push_config: `
    task_id ${t.uuid} not null, config_key ${t.key} not null, config_id ${t.text} not null, wire_version ${t.name} not null,
    url ${t.text} not null, token ${t.text}, authentication ${t.text}, disabled_at ${t.number},
    given_up ${t.number} not null, due_at ${t.number}, created_at ${t.number} not null, primary key (task_id, config_key)`,
  a2a_outbox: `
    id ${t.serial}, task_id ${t.uuid} not null, seq ${t.number} not null, config_key ${t.key} not null,
    attempts ${t.number} not null, dead_at ${t.number}, dead_reason ${t.text}`,
  a2a_replica: `id ${t.name} not null, lease_until ${t.number} not null, primary key (id)`,
  a2a_job: `name ${t.name} not null, due_at ${t.number} not null, primary key (name)`,
});

/** An append of a chunk changes no column of these. */
const INDEXES: readonly (readonly [name: string, table: string, columns: string])[] = [
  ['a2a_task_list', 'a2a_task', 'scope, status_at, task_id'],
  ['a2a_task_state', 'a2a_task', 'scope, state, status_at, task_id'],
  ['a2a_task_context', 'a2a_task', 'scope, context_key, status_at, task_id'],
  ['a2a_task_run_owner', 'a2a_task', 'run_owner'],
  ['a2a_task_line', 'a2a_task', 'waits, not_before, task_id'],
  ['a2a_task_owner_line', 'a2a_task', 'owner_key, waits'],
  ['a2a_task_rest', 'a2a_task', 'agent, state, rested_at'],
  ['a2a_task_untrimmed', 'a2a_task', 'agent, state, trimmed_seq, keeps_log, rested_at'],
  ['a2a_inbox_task', 'a2a_inbox', 'task_id, id'],
  ['a2a_message_task', 'a2a_message', 'task_id'],
  ['a2a_message_age', 'a2a_message', 'created_at'],
  ['a2a_push_config_due', 'a2a_push_config', 'due_at'],
  ['a2a_outbox_order', 'a2a_outbox', 'task_id, config_key, dead_at, id'],
];

/** MySQL commits each statement of a migration separately. An interrupted migration starts again from its beginning. */
export class InitialSqlSchema1764000000000 implements MigrationInterface {
  readonly name = 'InitialSqlSchema1764000000000';

  async up(runner: QueryRunner): Promise<void> {
    const mysql = isMysql(runner);
    for (const [name, columns] of Object.entries(tables(mysql ? MYSQL : SQLITE))) {
      const indexes = INDEXES.filter(([, table]) => table === name);
      const inside = mysql ? indexes.map(([index, , on]) => `, index ${index} (${on})`).join('') : '';
      await runner.query(`create table if not exists ${name} (${columns}${inside})${mysql ? ' engine = InnoDB' : ''}`);
      if (mysql) continue;
      for (const [index, table, on] of indexes) {
        await runner.query(`create index if not exists ${index} on ${table} (${on})`);
      }
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const name of Object.keys(tables(SQLITE))) await runner.query(`drop table if exists ${name}`);
  }
}

const isMysql = (runner: QueryRunner): boolean => ['mysql', 'mariadb'].includes(runner.dataSource.options.type);
