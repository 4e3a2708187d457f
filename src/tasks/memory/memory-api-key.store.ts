import type { ApiKeyRecord } from '../../security/authentication/api-keys/api-key.js';
import type { StoredApiKeys } from '../../security/authentication/api-keys/stored-api-keys.interface.js';

/** Operators add keys, so nothing limits their number. */
export class MemoryApiKeyStore implements StoredApiKeys {
  readonly #keys = new Map<string, ApiKeyRecord>();

  async find(id: string): Promise<ApiKeyRecord | undefined> {
    return this.#keys.get(id);
  }

  async add(record: ApiKeyRecord): Promise<void> {
    if (this.#keys.has(record.id)) throw new Error(`There is an API key ${record.id}.`);
    this.#keys.set(record.id, record);
  }

  async revoke(id: string): Promise<ApiKeyRecord | undefined> {
    const record = this.#keys.get(id);
    if (record === undefined) return undefined;
    const revoked = { ...record, revokedAt: record.revokedAt ?? new Date().toISOString() };
    this.#keys.set(id, revoked);
    return revoked;
  }

  async list(after = '', limit = 1_000): Promise<readonly ApiKeyRecord[]> {
    const following = [...this.#keys.values()].filter(({ id }) => id > after);
    return following.sort((a, b) => (a.id < b.id ? -1 : 1)).slice(0, limit);
  }
}
