import { AuthenticationBootError } from '../authentication-boot.error.js';
import type { ApiKeyRecord } from './api-key.js';
import type { ApiKeyStore } from './api-key-store.interface.js';
import { CachedApiKeys } from './cached-api-keys.js';
import type { StoredApiKeys } from './stored-api-keys.interface.js';

/** Gives the API keys of the storage, which is open then. Throws Error, by name, if it has none. */
export type StoredApiKeysSource = () => StoredApiKeys;

/** Injects the source that the module of the storage provides. */
export const STORED_API_KEYS_SOURCE = Symbol('StoredApiKeysSource');

/** The records in the storage of the tasks, which the application knows when it starts. */
export class StorageApiKeys implements ApiKeyStore {
  #source?: StoredApiKeysSource;
  #keys?: ApiKeyStore;

  readFrom(source: StoredApiKeysSource | undefined): void {
    this.#source = source;
  }

  async start(): Promise<void> {
    if (this.#source === undefined) {
      throw new AuthenticationBootError(
        "apiKeys: store is 'storage', which is that of A2aModule. Import A2aModule too.",
      );
    }
    try {
      this.#keys = new CachedApiKeys(this.#source());
    } catch (error) {
      throw new AuthenticationBootError((error as Error).message);
    }
  }

  find(id: string): ApiKeyRecord | undefined | Promise<ApiKeyRecord | undefined> {
    if (this.#keys === undefined) throw new Error('The application has not started.');
    return this.#keys.find(id);
  }
}
