import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How long the lease of each process is: others measure by it how long they have seen no renewal. */
export class SqlLeaseLength1764030000000 implements MigrationInterface {
  readonly name = 'SqlLeaseLength1764030000000';

  /** MySQL commits the statement by itself, before it is noted that it was run. */
  async up(runner: QueryRunner): Promise<void> {
    if (await runner.hasColumn('a2a_replica', 'lease_ms')) return;
    await runner.query(`alter table a2a_replica add column lease_ms bigint null`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table a2a_replica drop column lease_ms`);
  }
}
