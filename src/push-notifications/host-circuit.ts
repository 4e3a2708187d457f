import { exponentialDelay } from '../common/backoff.js';
import type { PushNotificationsOptions } from './push-notifications.options.js';

/** Concurrent calls of a host that has not responded quickly yet, or no longer does. */
const FEW_SLOTS = 2;
/** A slower response adds no slots. */
const QUICK_MS = 1_000;

export type CircuitOptions = Pick<
  PushNotificationsOptions,
  'concurrencyPerHost' | 'circuitFailures' | 'circuitOpenMs' | 'circuitMaxOpenMs'
>;

/**
 * Concurrent calls that one host may have. It starts with few, gets more with each quick response, and few again when it is slow
 * or silent. After some consecutive calls without a response the circuit opens: the host is not called for a while, then once.
 * The result of that call closes the circuit, or opens it for twice the time.
 */
export class HostCircuit {
  /** Calls in progress. */
  underWay = 0;
  #slots: number;
  /** Consecutive calls without a response. */
  #unanswered = 0;
  /** Consecutive openings of the circuit. */
  #openings = 0;
  #opensUntil = 0;

  constructor(private readonly options: CircuitOptions) {
    this.#slots = this.#few;
  }

  /** It is known to respond quickly. */
  get quick(): boolean {
    return this.#openings === 0 && (this.#slots > this.#few || this.#slots === this.options.concurrencyPerHost);
  }

  /** Nothing bad is known of it. */
  get fresh(): boolean {
    return this.underWay === 0 && this.#openings === 0 && this.#unanswered === 0;
  }

  /** Time for which the circuit stays open, in ms. */
  openFor(now: number): number {
    return this.#openings === 0 ? 0 : Math.max(0, this.#opensUntil - now);
  }

  /** Calls that may start now. */
  available(now: number): number {
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
    // Calls that started before the circuit opened give no new information.
    if (this.openFor(now) > 0 || (this.#openings === 0 && this.#unanswered < circuitFailures)) return;
    this.#opensUntil = now + exponentialDelay(this.#openings++, { firstMs: circuitOpenMs, maxMs: circuitMaxOpenMs });
  }

  get #few(): number {
    return Math.min(FEW_SLOTS, this.options.concurrencyPerHost);
  }
}
