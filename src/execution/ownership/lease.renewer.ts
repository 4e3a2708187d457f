import type { LeaseConnection } from '../../tasks/lease-connection.interface.js';
import { withTimeout } from '../with-timeout.js';
import { LeaseBoard } from './lease.board.js';
import { answerMs, renewalMs, retryMs } from './lease.times.js';

export interface NumberedLease {
  readonly id: string;
  /** Starts at 1. */
  readonly number: number;
}

export interface RenewerLimits {
  readonly leaseMs: number;
  /** A main thread that is silent for longer counts as hung: its lease is no longer renewed. */
  readonly stallMs: number;
}

/** Renews a lease while the main thread is alive. Runs in its own thread; its only output is the board. */
export class LeaseRenewer {
  #lease?: NumberedLease;
  #timer?: NodeJS.Timeout;
  #beating?: Promise<void>;
  #stopped = false;

  constructor(
    private readonly connection: LeaseConnection,
    private readonly board: LeaseBoard,
    private readonly limits: RenewerLimits,
  ) {}

  /** Renews this lease from now on, starting at once. */
  renew(lease: NumberedLease): void {
    this.#lease = lease;
    if (!this.#beating) this.#next(0);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#beating;
    await this.connection.close();
  }

  #next(delay: number): void {
    clearTimeout(this.#timer);
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#beating = this.#beat().then((pause) => {
        this.#beating = undefined;
        if (pause !== undefined) this.#next(pause);
      });
    }, delay);
  }

  /** Returns when to renew next; undefined: not until there is another lease. Never rejects. */
  async #beat(): Promise<number | undefined> {
    const { leaseMs, stallMs } = this.limits;
    const lease = this.#lease;
    if (!lease || this.board.isLost(lease.number)) return undefined;
    if (this.board.silentMs('mainBeat') > stallMs) return retryMs(leaseMs);
    const sentAt = LeaseBoard.now();
    try {
      const kept = await withTimeout(this.connection.renew(lease.id, leaseMs), answerMs(leaseMs));
      if (kept) this.board.renewed(lease.number, sentAt);
      else this.board.lost(lease.number);
      return this.#lease === lease ? renewalMs(leaseMs) : 0;
    } catch {
      // The main thread notices missing renewals, tries by itself and reports the error.
      return retryMs(leaseMs);
    }
  }
}
