import { FairSemaphore, NotAdmittedError } from '../common/fair-semaphore.js';
import { LIMITS_DEFAULTS } from '../common/limits.options.js';
import { overloaded } from '../protocol/errors/index.js';

const LINE = { maxWaiting: 1_000, maxWaitingPerOwner: 100, maxWaitMs: 30_000 };

/** Bounds the content of tasks that is read, folded and serialised in this process at a time. */
export class ContentGate {
  readonly #line: FairSemaphore;

  constructor(maxBytes = LIMITS_DEFAULTS.maxContentBytes) {
    this.#line = new FairSemaphore({ capacity: maxBytes, ...LINE });
  }

  /** Bytes that were let in and not given back. */
  get held(): number {
    return this.#line.used;
  }

  /** Waits for room, in turn with other owners. Gives what gives the room back. @throws A2AError OVERLOADED */
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
