import { readFile, stat } from 'node:fs/promises';
import { SafeLogger } from '../../../common/safe-logger.js';
import { AuthenticationBootError } from '../authentication-boot.error.js';
import type { ApiKeyRecord } from './api-key.js';
import { parseApiKeys } from './api-key-records.js';
import type { ApiKeyStore } from './api-key-store.interface.js';

const MAX_BYTES = 64 * 1024 * 1024;
/** How long a change of the file may go unnoticed, in ms. */
const CHECK_MS = 1_000;

/** The records in a file, which may change: a key that is added or revoked there is known within a second. */
export class ApiKeyFile implements ApiKeyStore {
  readonly #log = new SafeLogger('ApiKeys');
  #byId: ReadonlyMap<string, ApiKeyRecord> = new Map();
  #version?: string;
  #checkedAt = -Infinity;
  #checking?: Promise<void>;
  #problem?: Error;

  constructor(private readonly path: string) {}

  async start(): Promise<void> {
    await this.#check();
    if (this.#problem) throw new AuthenticationBootError(this.#problem.message);
  }

  find(id: string): ApiKeyRecord | undefined | Promise<ApiKeyRecord | undefined> {
    if (performance.now() - this.#checkedAt >= CHECK_MS) {
      this.#checking ??= this.#check().finally(() => (this.#checking = undefined));
    }
    return this.#checking ? this.#checking.then(() => this.#known(id)) : this.#known(id);
  }

  /** A file that has become unreadable admits nobody: it may have been written to revoke a key. */
  #known(id: string): ApiKeyRecord | undefined {
    if (this.#problem) throw this.#problem;
    return this.#byId.get(id);
  }

  async #check(): Promise<void> {
    try {
      const { size, mtimeMs, ino } = await stat(this.path);
      const version = `${ino} ${mtimeMs} ${size}`;
      if (version !== this.#version || this.#problem) {
        if (size > MAX_BYTES) throw new Error(`${this.path} is larger than ${MAX_BYTES} bytes.`);
        const records = parseApiKeys(await readFile(this.path, 'utf8'), this.path);
        this.#byId = new Map(records.map((record) => [record.id, record]));
        this.#version = version;
        if (this.#problem) this.#log.log(`The API keys of ${this.path} can be read again.`);
        this.#problem = undefined;
      }
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      const problem = new Error(
        code === undefined ? message : `The API keys of ${this.path} cannot be read (${code}).`,
      );
      if (!this.#problem && this.#version !== undefined)
        this.#log.error(`${problem.message} No key is accepted until then.`);
      this.#problem = problem;
    }
    this.#checkedAt = performance.now();
  }
}
