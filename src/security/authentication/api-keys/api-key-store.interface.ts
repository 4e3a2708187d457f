import type { ApiKeyRecord } from './api-key.js';

/** Where the records of API keys are: a file (`apiKeys({ file })`), or your own table. */
export interface ApiKeyStore {
  /**
   * The record of a key; undefined: there is none. Asked for each call with a key, so keep what is read often for a second or so.
   * Rejects if the records cannot be read: then the call is answered with UNAVAILABLE.
   */
  find(id: string): ApiKeyRecord | undefined | Promise<ApiKeyRecord | undefined>;
  /** Called at boot. Rejects if the records cannot be read. */
  start?(): Promise<void>;
}
