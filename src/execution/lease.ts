import { Logger } from '@nestjs/common';
import { newId } from '../protocol/ids.js';
import type { RunStore } from '../tasks/run-store.interface.js';
import { settledWithin } from './settled-within.js';

/** Renewals that a lease has time for. */
const RENEWALS = 5;
/** The part of a lease that an answer is waited for. */
const ANSWER_PART = 1 / 3;
/** The part of a lease, at its end, in which nothing runs under it any more. */
const MARGIN = 0.1;
/** Pause after a renewal that failed: this part of the lease, and never longer than a second. */
const RETRY_PART = 1 / 60;
const LONGEST_RETRY_MS = 1_000;
/** How long the end waits for the storage, in ms. */
const LAST_CALL_MS = 5_000;

/**
 * The right of this process to own runs: an id with a lease in the storage, prolonged by a heartbeat that tries again soon
 * after a failure. The end is counted from before a renewal was sent, on a clock that nobody sets, and comes early by a
 * margin: when others may take the runs, they have stopped here. After that the process goes on under a new id.
 */
export class Lease {
  readonly #log = new Logger(Lease.name);
  #id = newId();
  /** The id whose lease was lost, until the storage has forgotten it. */
  #former?: string;
  /** On the clock of `performance.now()`; undefined: no lease is held. */
  #until?: number;
  #heartbeat?: NodeJS.Timeout;
  #limit?: NodeJS.Timeout;
  /** The heartbeat that is under way. */
  #beating?: Promise<void>;
  #failing = false;
  #ended = false;

  /** `lost` is called when the lease is over, before a new one is asked for. */
  constructor(
    private readonly store: Pick<RunStore, 'registerReplica' | 'renewReplica' | 'removeReplica'>,
    private readonly leaseMs: number,
    private readonly lost: () => void,
  ) {}

  /** Changes when a lease is lost. */
  get id(): string {
    return this.#id;
  }

  get held(): boolean {
    return this.#until !== undefined && performance.now() < this.#until;
  }

  /** Takes the first lease. Throws what the storage throws. */
  async take(): Promise<void> {
    const sentAt = performance.now();
    await this.store.registerReplica(this.#id, this.leaseMs);
    this.#hold(sentAt);
  }

  /** From here on the lease is renewed. */
  keep(): void {
    this.#next(this.leaseMs / RENEWALS);
    this.#watch();
  }

  /** Gives it back; rejects when the storage cannot be told. */
  async end(): Promise<void> {
    this.#ended = true;
    clearTimeout(this.#heartbeat);
    clearTimeout(this.#limit);
    // A renewal that is under way must not bring back what is given back.
    if (this.#beating) await settledWithin(this.#beating, LAST_CALL_MS);
    this.#until = undefined;
    await settledWithin(this.store.removeReplica(this.#id), LAST_CALL_MS);
  }

  #next(delay: number): void {
    if (this.#ended) return;
    clearTimeout(this.#heartbeat);
    this.#heartbeat = setTimeout(() => {
      this.#loseIfOver();
      this.#beating = this.#beat();
    }, delay).unref();
  }

  /** Never rejects. */
  async #beat(): Promise<void> {
    const id = this.#id;
    const sentAt = performance.now();
    try {
      const kept = await settledWithin(this.#ask(id), this.leaseMs * ANSWER_PART);
      if (this.#ended) return;
      this.#heard();
      // The answer may come when the lease it speaks of was given up.
      if (id === this.#id && kept) this.#hold(sentAt);
      else if (id === this.#id) this.#lose();
    } catch (error) {
      if (!this.#failing)
        this.#log.warn(`The lease of this process could not be renewed, trying again: ${String(error)}`);
      this.#failing = true;
    }
    this.#beating = undefined;
    // Renewed just now: there is time.
    this.#next(this.#until !== undefined && !this.#failing ? this.leaseMs / RENEWALS : this.#retryMs);
    this.#watch();
  }

  #heard(): void {
    if (this.#failing) this.#log.log('The storage can be reached again.');
    this.#failing = false;
  }

  get #retryMs(): number {
    return Math.min(this.leaseMs * RETRY_PART, LONGEST_RETRY_MS);
  }

  async #ask(id: string): Promise<boolean> {
    if (this.#until !== undefined) return this.store.renewReplica(id, this.leaseMs);
    await this.store.registerReplica(id, this.leaseMs);
    // What was lost with it is found at once, also when a renewal that nobody waits for any more has prolonged it.
    if (this.#former !== undefined) await this.store.removeReplica(this.#former);
    this.#former = undefined;
    return true;
  }

  #hold(sentAt: number): void {
    this.#until = sentAt + this.leaseMs * (1 - MARGIN);
  }

  #watch(): void {
    clearTimeout(this.#limit);
    if (this.#ended || this.#until === undefined) return;
    const left = Math.max(0, Math.ceil(this.#until - performance.now()));
    this.#limit = setTimeout(() => {
      this.#loseIfOver();
      // Timers may be early by a fraction of a millisecond.
      this.#watch();
    }, left).unref();
  }

  #loseIfOver(): void {
    if (this.#until !== undefined && !this.held) this.#lose();
  }

  #lose(): void {
    this.#until = undefined;
    this.#former = this.#id;
    this.#id = newId();
    this.#log.error('The lease of this process is over: its runs are given up, and it goes on under a new id.');
    this.lost();
    if (!this.#beating) this.#next(this.#retryMs);
  }
}
