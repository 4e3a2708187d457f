import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Indexes for the periodic queries of each replica: cancel requests for its runs, and messages that may be deleted. Rows of
 * messages are written in the order of their age, so a BRIN index is enough and costs next to nothing.
 */
const UP = [
  `create index a2a_task_canceling on a2a_task (run_owner)
   where cancel_requested_at is not null and run_owner is not null`,
  `create index a2a_message_age on a2a_message using brin (created_at) with (autosummarize = on)`,
];

const DOWN = [`drop index a2a_task_canceling`, `drop index a2a_message_age`];

export class Replicas1763950000000 implements MigrationInterface {
  readonly name = 'Replicas1763950000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}
