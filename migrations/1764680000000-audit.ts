import type { MigrationInterface, QueryRunner } from 'typeorm';
import { type Family, familyOf } from './family-of.js';

const UTF8 = 'character set utf8mb4 collate utf8mb4_bin';

const COLUMNS: Readonly<Record<Family, string>> = {
  postgres: `id bigint generated always as identity primary key, at timestamptz(3) not null, chain text not null, seq bigint not null,
    owner text, task_id text, record text not null`,
  mysql: `id bigint not null auto_increment primary key, at bigint not null, chain varchar(255) ${UTF8} not null, seq bigint not null,
    owner longtext ${UTF8}, task_id longtext ${UTF8}, record longtext ${UTF8} not null`,
  sqlite: `"id" integer primary key autoincrement not null, at integer not null, chain text not null, seq integer not null, owner text,
    task_id text, record text not null`,
};

/** The audit trail. Retention deletes by `at`; a record is in its chain once. */
export class Audit1764680000000 implements MigrationInterface {
  readonly name = 'Audit1764680000000';

  async up(runner: QueryRunner): Promise<void> {
    if (await runner.hasTable('a2a_audit')) return;
    const family = familyOf(runner);
    const mysql = family === 'mysql';
    const keys = mysql ? ', key a2a_audit_at (at), unique key a2a_audit_chain (chain, seq)' : '';
    await runner.query(`create table a2a_audit (${COLUMNS[family]}${keys})${mysql ? ' engine = InnoDB' : ''}`);
    if (mysql) return;
    await runner.query('create index a2a_audit_at on a2a_audit (at)');
    await runner.query('create unique index a2a_audit_chain on a2a_audit (chain, seq)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table if exists a2a_audit');
  }
}
