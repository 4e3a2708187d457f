import type { MigrationInterface, QueryRunner } from 'typeorm';
import { type Family, familyOf } from './family-of.js';

const COLUMNS: Readonly<Record<Family, string>> = {
  postgres: 'owner_key text not null, owner text not null, reason text not null, since timestamptz(3) not null',
  mysql: `owner_key char(43) character set ascii collate ascii_bin not null,
    owner longtext character set utf8mb4 collate utf8mb4_bin not null,
    reason longtext character set utf8mb4 collate utf8mb4_bin not null, since bigint not null`,
  sqlite: 'owner_key text not null, owner text not null, reason text not null, since integer not null',
};

/** Owners whose tasks retention does not delete. A table of its own: a hold also counts for tasks of later. */
export class LegalHolds1764640000000 implements MigrationInterface {
  readonly name = 'LegalHolds1764640000000';

  async up(runner: QueryRunner): Promise<void> {
    const family = familyOf(runner);
    await runner.query(
      `create table if not exists a2a_legal_hold (${COLUMNS[family]}, primary key (owner_key))${family === 'mysql' ? ' engine = InnoDB' : ''}`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table if exists a2a_legal_hold');
  }
}
