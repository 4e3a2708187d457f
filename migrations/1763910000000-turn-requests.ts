import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What an agent learned with a message, so that its turn can run again after its process died. */
export class TurnRequests1763910000000 implements MigrationInterface {
  readonly name = 'TurnRequests1763910000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table a2a_event add column request json`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table a2a_event drop column request`);
  }
}
