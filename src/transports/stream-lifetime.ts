import { MAX_TIMER_MS } from '../common/number-options.js';
import type { LimitsOptions } from '../common/limits.options.js';

/** What is ended: a stream. */
export interface Endable {
  return(value?: undefined): PromiseLike<unknown>;
}

/** Why a stream was ended before its task. */
export type StreamEnd = 'age' | 'credentials';

/** Ends a stream at its maximum age, or when the credentials that opened it expire. Its client resumes, with new credentials if needed. */
export class StreamLifetime {
  readonly #timer?: NodeJS.Timeout;
  /** Set when the stream was ended early. */
  ended?: StreamEnd;

  constructor(stream: Endable, { maxStreamAgeMs }: Pick<LimitsOptions, 'maxStreamAgeMs'>, expiresAt?: number) {
    const age = maxStreamAgeMs === 0 ? Infinity : maxStreamAgeMs;
    const credentials = expiresAt === undefined ? Infinity : Math.max(0, expiresAt - Date.now());
    const ms = Math.min(age, credentials);
    if (ms > MAX_TIMER_MS) return;
    this.#timer = setTimeout(() => {
      this.ended = credentials <= age ? 'credentials' : 'age';
      void stream.return();
    }, ms);
    this.#timer.unref();
  }

  /** Call it when the stream is over. */
  stop(): void {
    clearTimeout(this.#timer);
  }
}
