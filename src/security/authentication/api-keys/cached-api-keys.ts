import { FairSemaphore } from '../../../common/fair-semaphore.js';
import type { ApiKeyRecord } from './api-key.js';
import type { ApiKeyStore } from './api-key-store.interface.js';

/** How long a revoked key may still be accepted, in ms. docs/who-calls.md says it. */
const MAX_AGE_MS = 5_000;
/** Keys that are kept, and ids that no key has: those who guess must not displace those who know. */
const MAX_KNOWN = 10_000;
const MAX_UNKNOWN = 1_000;
/** Those who guess must not take all connections to the database either. */
const READS = { capacity: 4, maxWaiting: 1_000, maxWaitingPerOwner: 1_000, maxWaitMs: 5_000 };

interface Kept {
  readonly record: ApiKeyRecord | undefined;
  readonly until: number;
}

/** The records of a storage. A key that calls often is read every few seconds. */
export class CachedApiKeys implements ApiKeyStore {
  readonly #known = new Map<string, Kept>();
  readonly #unknown = new Map<string, Kept>();
  readonly #reading = new Map<string, Promise<ApiKeyRecord | undefined>>();
  readonly #reads = new FairSemaphore(READS);

  constructor(
    private readonly stored: ApiKeyStore,
    private readonly now: () => number = () => performance.now(),
  ) {}

  find(id: string): ApiKeyRecord | undefined | Promise<ApiKeyRecord | undefined> {
    const kept = this.#known.get(id) ?? this.#unknown.get(id);
    if (kept && this.now() < kept.until) return kept.record;
    const reading = this.#reading.get(id) ?? this.#read(id).finally(() => this.#reading.delete(id));
    this.#reading.set(id, reading);
    return reading;
  }

  async #read(id: string): Promise<ApiKeyRecord | undefined> {
    const release = await this.#reads.acquire('', 1);
    try {
      // A key that is revoked while it is read may be read as it was before.
      const until = this.now() + MAX_AGE_MS;
      const record = await this.stored.find(id);
      this.#known.delete(id);
      this.#unknown.delete(id);
      const [kept, limit] = record ? [this.#known, MAX_KNOWN] : [this.#unknown, MAX_UNKNOWN];
      const [oldest] = kept.keys();
      if (kept.size >= limit && oldest !== undefined) kept.delete(oldest);
      kept.set(id, { record, until });
      return record;
    } finally {
      release();
    }
  }
}
