import type { MigrationInterface, QueryRunner } from 'typeorm';

/** One small row per task: its metadata without its content. Each page keeps free space, so that updates stay on it. */
const TASK = `
create table a2a_task (
  task_id uuid not null,
  tenant text not null,
  owner text not null,
  agent text not null,
  context_id text not null,
  state text not null,
  status_at timestamptz(3) not null,
  last_seq bigint not null,
  bytes bigint not null,
  run_owner text,
  fence integer not null default 1,
  turn integer not null default 1,
  attempt integer not null default 1,
  has_push boolean not null default false,
  trimmed_seq bigint not null default 0,
  cancel_requested_at timestamptz(3),
  deadline_at timestamptz(3),
  not_before timestamptz(3),
  expires_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  constraint a2a_task_pkey primary key (task_id)
) with (fillfactor = 50)`;

/** An append of a chunk changes no column of these, so such an update touches no index. */
const TASK_INDEXES = [
  `create index a2a_task_list on a2a_task (tenant, owner, agent, status_at desc, task_id desc)`,
  `create index a2a_task_context on a2a_task (context_id, status_at desc, task_id desc)`,
  `create index a2a_task_run_owner on a2a_task (run_owner) where run_owner is not null`,
  `create index a2a_task_waiting on a2a_task (created_at, task_id) where run_owner is null and state = 'submitted'`,
  `create index a2a_task_expiry on a2a_task (expires_at) where expires_at is not null`,
];

/** The log. json, not jsonb: the text is preserved to the byte and is sent as it is. */
const EVENT = `
create table a2a_event (
  task_id uuid not null,
  seq bigint not null,
  fence integer not null,
  bytes integer not null,
  kind smallint not null,
  state text,
  data json not null,
  inbound json,
  constraint a2a_event_pkey primary key (task_id, seq)
)`;

const SNAPSHOT = `
create table a2a_snapshot (
  task_id uuid not null,
  seq bigint not null,
  bytes bigint not null,
  doc json not null,
  constraint a2a_snapshot_pkey primary key (task_id)
)`;

/** Messages that wait for their turn. */
const INBOX = `
create table a2a_inbox (
  id bigint generated always as identity,
  task_id uuid not null,
  message_id text not null,
  entry json not null,
  created_at timestamptz(3) not null default now(),
  constraint a2a_inbox_pkey primary key (id)
)`;

/** Every message that created a task or entered an inbox, to recognise a repeated send. */
const MESSAGE = `
create table a2a_message (
  tenant text not null,
  owner text not null,
  agent text not null,
  message_id text not null,
  digest text not null,
  task_id uuid not null,
  created_at timestamptz(3) not null default now(),
  constraint a2a_message_pkey primary key (tenant, owner, agent, message_id)
)`;

const PUSH_CONFIG = `
create table a2a_push_config (
  task_id uuid not null,
  config_id text not null,
  tenant text not null,
  owner text not null,
  agent text not null,
  wire_version text not null,
  url text not null,
  token text,
  authentication json,
  disabled_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  constraint a2a_push_config_pkey primary key (task_id, config_id)
)`;

/** Deliveries that are owed. */
const OUTBOX = `
create table a2a_outbox (
  id bigint generated always as identity,
  task_id uuid not null,
  seq bigint not null,
  config_id text not null,
  attempts integer not null default 0,
  due_at timestamptz not null default now(),
  dead_at timestamptz(3),
  dead_reason text,
  constraint a2a_outbox_pkey primary key (id)
)`;

/** The processes that run tasks. */
const REPLICA = `
create table a2a_replica (
  id text not null,
  lease_until timestamptz not null,
  started_at timestamptz(3) not null default now(),
  info json,
  constraint a2a_replica_pkey primary key (id)
)`;

const OTHER_INDEXES = [
  `create index a2a_inbox_task on a2a_inbox (task_id, id)`,
  `create index a2a_message_task on a2a_message (task_id)`,
  `create index a2a_outbox_order on a2a_outbox (task_id, config_id, id)`,
  `create index a2a_outbox_due on a2a_outbox (due_at, id) where dead_at is null`,
];

const TABLES = [TASK, EVENT, SNAPSHOT, INBOX, MESSAGE, PUSH_CONFIG, OUTBOX, REPLICA];

export class InitialSchema1763740800000 implements MigrationInterface {
  readonly name = 'InitialSchema1763740800000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...TABLES, ...TASK_INDEXES, ...OTHER_INDEXES]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    const names = ['task', 'event', 'snapshot', 'inbox', 'message', 'push_config', 'outbox', 'replica'];
    await runner.query(`drop table ${names.map((name) => `a2a_${name}`).join(', ')}`);
  }
}
