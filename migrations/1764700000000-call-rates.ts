import type { MigrationInterface, QueryRunner } from 'typeorm';
import { type Family, familyOf } from './family-of.js';

/** Postgres need not log it: what a crash loses is what callers used of one minute. */
const TABLE: Readonly<Record<Family, string>> = {
  postgres: 'create unlogged table a2a_call_rate (caller_key text primary key, full_at bigint not null)',
  mysql: `create table a2a_call_rate (caller_key char(43) character set ascii collate ascii_bin not null primary key,
    full_at bigint not null) engine = InnoDB`,
  sqlite: 'create table a2a_call_rate (caller_key text primary key not null, full_at integer not null)',
};

/** The budgets of calls that replicas share, with `limits.callsCountedIn: 'storage'`. */
export class CallRates1764700000000 implements MigrationInterface {
  readonly name = 'CallRates1764700000000';

  async up(runner: QueryRunner): Promise<void> {
    if (!(await runner.hasTable('a2a_call_rate'))) await runner.query(TABLE[familyOf(runner)]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table if exists a2a_call_rate');
  }
}
