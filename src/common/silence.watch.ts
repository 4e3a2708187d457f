import { TransientMap } from './transient-map.js';

export interface Watched {
  /** A number that changes with each sign of life. */
  readonly progress: () => number;
  /** Time without a sign of life, in ms. */
  readonly idleMs: number;
  /** Total time, in ms. Default: no limit. */
  readonly limitMs?: number;
  /** It took too long and is no longer watched. */
  readonly expired: (why: 'idle' | 'limit') => void;
}

interface Entry {
  readonly watched: Watched;
  seen: number;
  silentMs: number;
  ageMs: number;
}

const SHORTEST_MS = 25;
const LONGEST_MS = 1_000;

/**
 * Watches everything that waits for a peer, with one timer that runs only while there is something to watch. Time in which the event loop
 * was blocked does not count: the peer may have answered.
 */
export class SilenceWatch {
  readonly #entries = new TransientMap<number, Entry>();
  #last = 0;
  #timer?: NodeJS.Timeout;
  #everyMs = LONGEST_MS;
  #lookedAt = 0;

  /** Returns the function that stops watching. */
  watch(watched: Watched): () => void {
    const entry: Entry = { watched, seen: watched.progress(), silentMs: 0, ageMs: 0 };
    const id = ++this.#last;
    this.#entries.set(id, entry);
    this.#look(Math.min(watched.idleMs, watched.limitMs ?? watched.idleMs) / 4);
    return () => void this.#entries.delete(id);
  }

  #look(everyMs: number): void {
    const wanted = Math.max(SHORTEST_MS, Math.min(LONGEST_MS, everyMs));
    if (this.#timer !== undefined && wanted >= this.#everyMs) return;
    clearInterval(this.#timer);
    this.#everyMs = wanted;
    this.#lookedAt = performance.now();
    this.#timer = setInterval(this.#tick, wanted);
    this.#timer.unref();
  }

  readonly #tick = (): void => {
    const now = performance.now();
    const passedMs = Math.min(now - this.#lookedAt, 2 * this.#everyMs);
    this.#lookedAt = now;
    for (const [id, entry] of this.#entries) {
      const { watched } = entry;
      const seen = watched.progress();
      entry.ageMs += passedMs;
      entry.silentMs = seen === entry.seen ? entry.silentMs + passedMs : 0;
      entry.seen = seen;
      const late = watched.limitMs !== undefined && entry.ageMs > watched.limitMs;
      if (!late && entry.silentMs <= watched.idleMs) continue;
      this.#entries.delete(id);
      watched.expired(late ? 'limit' : 'idle');
    }
    if (this.#entries.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  };
}
