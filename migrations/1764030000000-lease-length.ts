import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The length of each process's lease: other replicas compare it with the time since the last renewal that they saw. */
export class LeaseLength1764030000000 implements MigrationInterface {
  readonly name = 'LeaseLength1764030000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table a2a_replica add column lease_ms double precision`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table a2a_replica drop column lease_ms`);
  }
}
