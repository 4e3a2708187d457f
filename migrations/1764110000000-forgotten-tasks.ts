import type { MigrationInterface, QueryRunner } from 'typeorm';

const TERMINAL = `('completed', 'failed', 'canceled', 'rejected')`;
const RESTING = `('completed', 'failed', 'canceled', 'rejected', 'input-required', 'auth-required')`;

/** Tasks on which nobody would act. There should be none, so that a scan for them costs nothing. */
const COLUMNS = `(agent) where run_owner is null and not_before is null and state not in ${TERMINAL}
  and (state not in ${RESTING} or cancel_requested_at is not null)`;

/** Large tables are indexed concurrently with writes. What an interrupted attempt left is dropped first. */
export class ForgottenTasks1764110000000 implements MigrationInterface {
  readonly name = 'ForgottenTasks1764110000000';
  readonly transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`set statement_timeout = 0`);
    try {
      await runner.query(`drop index concurrently if exists a2a_task_forgotten`);
      await runner.query(`create index concurrently a2a_task_forgotten on a2a_task ${COLUMNS}`);
    } finally {
      await runner.query(`reset statement_timeout`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop index if exists a2a_task_forgotten`);
  }
}
