import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The task's own row lists the configs to which events are owed. An append that waited for the lock of a row sees the row's latest
 * version, but other tables as they were when its statement began.
 */
const UP = [
  `alter table a2a_task add column push_configs text[]`,
  `update a2a_task t set push_configs = array(
     select c.config_id from a2a_push_config c where c.task_id = t.task_id and c.disabled_at is null order by c.created_at)
   where t.has_push`,
  `alter table a2a_task drop column has_push`,
  `alter table a2a_push_config add column given_up integer not null default 0`,
];

const DOWN = [
  `alter table a2a_task add column has_push boolean not null default false`,
  `update a2a_task set has_push = true where push_configs is not null`,
  `alter table a2a_task drop column push_configs`,
  `alter table a2a_push_config drop column given_up`,
];

export class PushConfigs1763900000000 implements MigrationInterface {
  readonly name = 'PushConfigs1763900000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}
