import type { ApiKeyRecord } from '../../security/authentication/api-keys/api-key.js';
import type { StoredApiKeys } from '../../security/authentication/api-keys/stored-api-keys.interface.js';
import type { RedisConnection } from './redis-connection.js';
import { ADD_KEY, FIND_KEY, LIST_KEYS, REVOKE_KEY } from './scripts/api-key.scripts.js';

export class RedisApiKeyStore implements StoredApiKeys {
  constructor(private readonly connection: RedisConnection) {}

  async find(id: string): Promise<ApiKeyRecord | undefined> {
    const [record, revoked] = await this.connection.run<[string, string]>(FIND_KEY, id);
    return record === '' ? undefined : recordOf(record, revoked);
  }

  async add(record: ApiKeyRecord): Promise<void> {
    const added = await this.connection.run<number>(ADD_KEY, record.id, JSON.stringify(record));
    if (added !== 1) throw new Error(`There is an API key ${record.id}.`);
  }

  async revoke(id: string): Promise<ApiKeyRecord | undefined> {
    await this.connection.run(REVOKE_KEY, id);
    return this.find(id);
  }

  /** Only commands list keys, so all of them are read together. */
  async list(after = '', limit = 1_000): Promise<readonly ApiKeyRecord[]> {
    const fields = await this.connection.run<string[]>(LIST_KEYS);
    const all = Array.from({ length: fields.length / 2 }, (_, index) =>
      recordOf(fields[2 * index]!, fields[2 * index + 1]!),
    );
    const following = all.filter(({ id }) => id > after);
    return following.sort((a, b) => (a.id < b.id ? -1 : 1)).slice(0, limit);
  }
}

const recordOf = (record: string, revoked: string): ApiKeyRecord => ({
  ...(JSON.parse(record) as ApiKeyRecord),
  ...(revoked !== '' && { revokedAt: new Date(Number(revoked)).toISOString() }),
});
