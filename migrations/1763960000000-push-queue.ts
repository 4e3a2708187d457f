import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * When a config's next delivery is due is stored once per config, not per delivery. So a scan for due deliveries costs only what
 * is due, however much is queued behind a failing receiver.
 */
const UP = [
  `create table a2a_push_queue (
     task_id uuid not null,
     config_id text not null,
     owed_seq bigint not null,
     due_at timestamptz,
     constraint a2a_push_queue_pkey primary key (task_id, config_id)
   )`,
  `create index a2a_push_queue_due on a2a_push_queue (due_at) where due_at is not null`,
  `insert into a2a_push_queue (task_id, config_id, owed_seq, due_at)
   select task_id, config_id, max(seq), now() from a2a_outbox where dead_at is null group by task_id, config_id`,
  `drop index a2a_outbox_due`,
  `alter table a2a_outbox drop column due_at`,
];

const DOWN = [
  `alter table a2a_outbox add column due_at timestamptz not null default now()`,
  `create index a2a_outbox_due on a2a_outbox (due_at, id) where dead_at is null`,
  `drop table a2a_push_queue`,
];

export class PushQueue1763960000000 implements MigrationInterface {
  readonly name = 'PushQueue1763960000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}
