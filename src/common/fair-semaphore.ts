export interface FairSemaphoreLimits {
  /** Maximum total weight of what is admitted; something heavier is admitted alone. */
  readonly capacity: number;
  /** How many may wait: in all, and of one owner. */
  readonly maxWaiting: number;
  readonly maxWaitingPerOwner: number;
  /** Longest wait, in ms. */
  readonly maxWaitMs: number;
}

/** Why something was not admitted. */
export type Refused = 'process' | 'owner' | 'time';

/** At capacity, and the queue is full or did not advance in time. */
export class NotAdmittedError extends Error {
  constructor(readonly full: Refused) {
    super(`Not admitted: ${full}`);
  }
}

interface Waiting {
  readonly weight: number;
  readonly timer: NodeJS.Timeout;
  enter(release: () => void): void;
  refuse(error: NotAdmittedError): void;
}

/**
 * A weighted semaphore with a fair queue: owners take turns, one entry each, whatever their weight and number. Nothing overtakes the next
 * entry, so heavy ones are admitted too.
 */
export class FairSemaphore {
  #used = 0;
  #waiting = 0;
  /** The first owner has the next turn. */
  readonly #lines = new Map<string, Waiting[]>();

  constructor(readonly limits: FairSemaphoreLimits) {}

  get used(): number {
    return this.#used;
  }

  get waiting(): number {
    return this.#waiting;
  }

  /** Returns a function that releases it; a second call of that does nothing. Rejects with NotAdmittedError. */
  async acquire(owner: string, asked: number): Promise<() => void> {
    const weight = Math.min(asked, this.limits.capacity);
    if (this.#waiting === 0 && this.#used + weight <= this.limits.capacity) return this.#enter(weight);
    const line = this.#lines.get(owner);
    if (this.#waiting >= this.limits.maxWaiting) throw new NotAdmittedError('process');
    if ((line?.length ?? 0) >= this.limits.maxWaitingPerOwner) throw new NotAdmittedError('owner');
    return new Promise((enter, refuse) => {
      const timer = setTimeout(() => this.#giveUp(owner, waiting), this.limits.maxWaitMs);
      const waiting: Waiting = { weight, timer, enter, refuse };
      if (line) line.push(waiting);
      else this.#lines.set(owner, [waiting]);
      this.#waiting++;
    });
  }

  #enter(weight: number): () => void {
    this.#used += weight;
    let released = false;
    return () => {
      if (released) return;
      released = true;
      this.#used -= weight;
      this.#next();
    };
  }

  #next(): void {
    for (const [owner, line] of this.#lines) {
      const [first] = line;
      if (first && this.#used + first.weight > this.limits.capacity) return;
      // The owner's next turn comes after all others.
      this.#lines.delete(owner);
      if (!first) continue;
      this.#take(owner, line, first);
      first.enter(this.#enter(first.weight));
    }
  }

  #take(owner: string, line: Waiting[], waiting: Waiting): void {
    clearTimeout(waiting.timer);
    line.splice(line.indexOf(waiting), 1);
    this.#waiting--;
    if (line.length > 0) this.#lines.set(owner, line);
  }

  #giveUp(owner: string, waiting: Waiting): void {
    const line = this.#lines.get(owner);
    if (!line) return;
    if (line.length === 1) this.#lines.delete(owner);
    this.#take(owner, line, waiting);
    waiting.refuse(new NotAdmittedError('time'));
    this.#next();
  }
}
