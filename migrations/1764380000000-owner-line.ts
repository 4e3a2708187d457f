import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Queued tasks of an owner are counted over all tenants. */
const UP = [`create index a2a_task_owner_line on a2a_task (owner) where run_owner is null and not_before is not null`];

const DOWN = [`drop index a2a_task_owner_line`];

export class OwnerLine1764380000000 implements MigrationInterface {
  readonly name = 'OwnerLine1764380000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}
