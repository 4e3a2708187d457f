import { exponentialDelay } from '../common/backoff.js';
import type { PushNotificationsOptions } from './push-notifications.options.js';

/** Calls at a time of a host that has not answered quickly yet, or does not any more. */
const FEW_SLOTS = 2;
/** An answer that takes longer does not widen the way. */
const QUICK_MS = 1_000;

export type CircuitOptions = Pick<
  PushNotificationsOptions,
  'concurrencyPerHost' | 'circuitFailures' | 'circuitOpenMs' | 'circuitMaxOpenMs'
>;

/**
 * What one host is trusted with. It begins with few calls at a time, has more with each quick answer, and few again when it is slow or
 * silent. After some calls in a row without an answer the circuit opens: the host is not called for a while, then once, and what
 * becomes of that call closes the circuit or opens it for twice the time.
 */
export class HostCircuit {
  /** Calls under way. */
  underWay = 0;
  #slots: number;
  /** Calls in a row that had no answer. */
  #unanswered = 0;
  /** Times in a row that the circuit opened. */
  #openings = 0;
  #opensUntil = 0;

  constructor(private readonly options: CircuitOptions) {
    this.#slots = this.#few;
  }

  /** It answers quickly, as far as is known. */
  get quick(): boolean {
    return this.#openings === 0 && (this.#slots > this.#few || this.#slots === this.options.concurrencyPerHost);
  }

  /** As if nothing were known of it. */
  get fresh(): boolean {
    return this.underWay === 0 && this.#openings === 0 && this.#unanswered === 0;
  }

  /** For how long it is not to be called, in ms. */
  openFor(now: number): number {
    return this.#openings === 0 ? 0 : Math.max(0, this.#opensUntil - now);
  }

  /** Calls that may begin now. */
  room(now: number): number {
    if (this.openFor(now) > 0) return 0;
    return Math.max(0, (this.#openings > 0 ? 1 : this.#slots) - this.underWay);
  }

  answered(tookMs: number): void {
    this.#unanswered = 0;
    this.#openings = 0;
    const { concurrencyPerHost } = this.options;
    if (tookMs <= QUICK_MS) this.#slots = Math.min(this.#slots * 2, concurrencyPerHost);
    else this.#slots = Math.max(this.#few, this.#slots >> 1);
  }

  unanswered(now: number): void {
    this.#unanswered++;
    this.#slots = this.#few;
    const { circuitFailures, circuitOpenMs, circuitMaxOpenMs } = this.options;
    // Calls that began before it opened say nothing new.
    if (this.openFor(now) > 0 || (this.#openings === 0 && this.#unanswered < circuitFailures)) return;
    this.#opensUntil = now + exponentialDelay(this.#openings++, { firstMs: circuitOpenMs, maxMs: circuitMaxOpenMs });
  }

  get #few(): number {
    return Math.min(FEW_SLOTS, this.options.concurrencyPerHost);
  }
}
