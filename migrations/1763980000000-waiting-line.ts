import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Tasks of any state can be queued: nobody runs them, and they have a time before which they must not start. The index is read by
 * jumps from one (tenant, owner, agent) to the next.
 */
const UP = [
  `alter table a2a_task add column losses integer not null default 0, add column failures integer not null default 0`,
  `update a2a_task set not_before = created_at where run_owner is null and state = 'submitted' and not_before is null`,
  `create index a2a_task_line on a2a_task (tenant, owner, agent, not_before, task_id)
   where run_owner is null and not_before is not null`,
  `drop index a2a_task_waiting`,
];

const DOWN = [
  `create index a2a_task_waiting on a2a_task (created_at, task_id) where run_owner is null and state = 'submitted'`,
  `drop index a2a_task_line`,
  `alter table a2a_task drop column losses, drop column failures`,
];

export class WaitingLine1763980000000 implements MigrationInterface {
  readonly name = 'WaitingLine1763980000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}
