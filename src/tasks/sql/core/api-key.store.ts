import type { ApiKeyRecord } from '../../../security/authentication/api-keys/api-key.js';
import type { StoredApiKeys } from '../../../security/authentication/api-keys/stored-api-keys.interface.js';
import { NOW, type Sql, raw, sql } from './sql.js';
import type { SqlDatabase } from './sql-database.interface.js';
import { type SqlTime, timeOf } from './task-row.js';

interface KeyRow {
  record: string;
  revoked_at: SqlTime | null;
}

const KEYS = raw('select record, revoked_at from a2a_api_key');

export class SqlApiKeyStore implements StoredApiKeys {
  constructor(private readonly db: SqlDatabase) {}

  async find(id: string): Promise<ApiKeyRecord | undefined> {
    const [key] = await this.#keys(sql`${KEYS} where key_id = ${id}`);
    return key;
  }

  async add(record: ApiKeyRecord): Promise<void> {
    await this.db.run(sql`insert into a2a_api_key (key_id, record) values (${record.id}, ${JSON.stringify(record)})`);
  }

  async revoke(id: string): Promise<ApiKeyRecord | undefined> {
    await this.db.run(sql`update a2a_api_key set revoked_at = ${NOW} where key_id = ${id} and revoked_at is null`);
    return this.find(id);
  }

  list(after = '', limit = 1_000): Promise<readonly ApiKeyRecord[]> {
    return this.#keys(sql`${KEYS} where key_id > ${after} order by key_id limit ${limit}`);
  }

  async #keys(query: Sql): Promise<ApiKeyRecord[]> {
    const rows = await this.db.query<KeyRow>(query);
    return rows.map(({ record, revoked_at: revoked }) => ({
      ...(JSON.parse(record) as ApiKeyRecord),
      ...(revoked !== null && { revokedAt: timeOf(revoked) }),
    }));
  }
}
