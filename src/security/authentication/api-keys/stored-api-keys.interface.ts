import type { ApiKeyRecord } from './api-key.js';
import type { ApiKeyStore } from './api-key-store.interface.js';

/** Injects the `StoredApiKeys`; undefined where the storage has none. */
export const STORED_API_KEYS = Symbol('StoredApiKeys');

/**
 * The API keys in the storage of the tasks, which all replicas share. `npx nest-a2a keys` works on them, and your own code may. A server
 * with `apiKeys({ store: 'storage' })` accepts them. Throws A2AError UNAVAILABLE while the storage cannot be reached.
 */
export interface StoredApiKeys extends ApiKeyStore {
  find(id: string): Promise<ApiKeyRecord | undefined>;
  /** Stores what `newApiKey()` made, without the key. Rejects if there is a key with this id. */
  add(record: ApiKeyRecord): Promise<void>;
  /**
   * The key is refused from now on, by servers that have read it within 5 seconds. Returns its record; the time of the first revocation
   * stays. undefined: there is no such key.
   */
  revoke(id: string): Promise<ApiKeyRecord | undefined>;
  /** By id, after the id `after`. At most `limit`, default 1,000. */
  list(after?: string, limit?: number): Promise<readonly ApiKeyRecord[]>;
}
