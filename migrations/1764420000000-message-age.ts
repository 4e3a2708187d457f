import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Old messages are found with a btree. It replaces a BRIN index, which covers ranges of pages: where space of deleted rows is
 * reused, each page holds messages of all ages, and each scan reads the whole table. An older version works with either index.
 */
export class MessageAge1764420000000 implements MigrationInterface {
  readonly name = 'MessageAge1764420000000';
  // Large tables are indexed concurrently with writes. What an interrupted attempt left is dropped first.
  readonly transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`drop index concurrently if exists a2a_message_created`);
    await runner.query(`create index concurrently a2a_message_created on a2a_message (created_at)`);
    await runner.query(`drop index concurrently if exists a2a_message_age`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `create index if not exists a2a_message_age on a2a_message using brin (created_at) with (autosummarize = on)`,
    );
    await runner.query(`drop index if exists a2a_message_created`);
  }
}
