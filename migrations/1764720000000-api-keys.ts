import type { MigrationInterface, QueryRunner } from 'typeorm';
import { type Family, familyOf } from './family-of.js';

const COLUMNS: Readonly<Record<Family, string>> = {
  postgres: 'key_id text not null, record text not null, revoked_at timestamptz(3)',
  mysql: `key_id varchar(255) character set utf8mb4 collate utf8mb4_bin not null,
    record longtext character set utf8mb4 collate utf8mb4_bin not null, revoked_at bigint`,
  sqlite: 'key_id text not null, record text not null, revoked_at integer',
};

/** The hashes of API keys, with `apiKeys({ store: 'storage' })`. */
export class ApiKeys1764720000000 implements MigrationInterface {
  readonly name = 'ApiKeys1764720000000';

  async up(runner: QueryRunner): Promise<void> {
    const family = familyOf(runner);
    await runner.query(
      `create table if not exists a2a_api_key (${COLUMNS[family]}, primary key (key_id))${family === 'mysql' ? ' engine = InnoDB' : ''}`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table if exists a2a_api_key');
  }
}
