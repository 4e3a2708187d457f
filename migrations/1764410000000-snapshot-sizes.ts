import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The size of a snapshot without its artifacts: a list knows how much it would read before it reads it. */
export class SnapshotSizes1764410000000 implements MigrationInterface {
  readonly name = 'SnapshotSizes1764410000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table a2a_snapshot add column if not exists bare_bytes bigint`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table a2a_snapshot drop column if exists bare_bytes`);
  }
}
