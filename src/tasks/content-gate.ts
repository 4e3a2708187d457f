import { FairSemaphore, NotAdmittedError } from '../common/fair-semaphore.js';
import { LIMITS_DEFAULTS } from '../common/limits.options.js';
import { overloaded } from '../protocol/errors/index.js';

const LINE = { maxWaiting: 1_000, maxWaitingPerOwner: 100, maxWaitMs: 30_000 };

/** Bounds the bytes of task content that this process reads, folds and serialises at a time. */
export class ContentGate {
  readonly #line: FairSemaphore;

  constructor(maxBytes = LIMITS_DEFAULTS.maxContentBytes) {
    this.#line = new FairSemaphore({ capacity: maxBytes, ...LINE });
  }

  /** Bytes that were admitted and not released yet. */
  get held(): number {
    return this.#line.used;
  }

  /** Waits for capacity; owners take turns. Returns a function that releases the bytes. @throws A2AError OVERLOADED */
  async admit(owner: string, bytes: number): Promise<() => void> {
    try {
      return await this.#line.acquire(owner, bytes);
    } catch (error) {
      if (!(error instanceof NotAdmittedError)) throw error;
      throw overloaded(
        error.full === 'owner'
          ? 'Too many of your calls wait for large tasks. Wait for their answers, then try again.'
          : 'Too many calls for large tasks are under way. Try again later, or on another instance.',
      );
    }
  }
}
