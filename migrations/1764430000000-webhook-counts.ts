import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The number of webhooks of an owner's tasks that have not ended. */
const UP = `
create index a2a_task_webhooks on a2a_task (owner)
where push_configs is not null and state not in ('completed', 'failed', 'canceled', 'rejected')`;

export class WebhookCounts1764430000000 implements MigrationInterface {
  readonly name = 'WebhookCounts1764430000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop index a2a_task_webhooks`);
  }
}
