import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The length of each process's lease: other replicas compare it with the time since the last renewal that they saw. */
export class SqlLeaseLength1764030000000 implements MigrationInterface {
  readonly name = 'SqlLeaseLength1764030000000';

  /** MySQL commits the statement separately, before the migration is recorded as run. */
  async up(runner: QueryRunner): Promise<void> {
    if (await runner.hasColumn('a2a_replica', 'lease_ms')) return;
    await runner.query(`alter table a2a_replica add column lease_ms bigint null`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table a2a_replica drop column lease_ms`);
  }
}
