import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How long the lease of each process is: others measure by it how long they have seen no renewal. */
export class LeaseLength1764030000000 implements MigrationInterface {
  readonly name = 'LeaseLength1764030000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table a2a_replica add column lease_ms double precision`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table a2a_replica drop column lease_ms`);
  }
}
