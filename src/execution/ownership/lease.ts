import { FailureLog } from '../../common/failure-log.js';
import { SafeLogger } from '../../common/safe-logger.js';
import { newId } from '../../protocol/ids.js';
import type { RunStore } from '../../tasks/run-store.interface.js';
import { answerMs, heldMs, renewalMs, retryMs } from './lease.times.js';
import type { Renewal } from './renewal.thread.js';
import { withTimeout } from '../with-timeout.js';

/** How long shutdown waits for the storage, in ms. */
const LAST_CALL_MS = 5_000;

/**
 * The right of this process to own runs: an id with a lease in the storage. A heartbeat renews it and retries soon after a failure. The
 * lease is counted from before a renewal was sent, on a monotonic clock, and ends early by a margin: before others may take the runs, they
 * have stopped here. The process then continues under a new id.
 *
 * Where a thread renews the lease, the heartbeat only checks that it does, and renews when it does not. Where no other process can own runs
 * (`exclusive`), a lease ends only when the storage says so.
 */
export class Lease {
  readonly #log = new SafeLogger(Lease.name);
  #id = newId();
  /** The id whose lease was lost, until the storage has removed it. */
  #former?: string;
  /** According to this thread's renewals, on the clock of `performance.now()`; undefined: no lease is held. */
  #until?: number;
  #keeping = false;
  #heartbeat?: NodeJS.Timeout;
  #limit?: NodeJS.Timeout;
  /** The heartbeat in progress. */
  #beating?: Promise<void>;
  readonly #failures = new FailureLog(this.#log, {
    failed: 'The lease of this process could not be renewed',
    recovered: 'The storage can be reached again.',
  });
  #ended = false;

  /** `lost` is called when the lease is over, before a new one is requested. */
  constructor(
    private readonly store: Pick<RunStore, 'exclusive' | 'registerReplica' | 'renewReplica' | 'removeReplica'>,
    private readonly leaseMs: number,
    private readonly lost: () => void,
    private readonly renewal?: Renewal,
  ) {}

  /** Changes when a lease is lost. */
  get id(): string {
    return this.#id;
  }

  get held(): boolean {
    return this.#end !== undefined && performance.now() < this.#end;
  }

  /** The thread may have renewed it while this event loop was blocked. */
  get #end(): number | undefined {
    if (this.#until === undefined) return undefined;
    if (this.store.exclusive) return Infinity;
    const renewedMsAgo = this.renewal?.renewedMsAgo;
    if (renewedMsAgo === undefined) return this.#until;
    return Math.max(this.#until, performance.now() - renewedMsAgo + heldMs(this.leaseMs));
  }

  /** Acquires the first lease. Throws what the storage throws. */
  async take(): Promise<void> {
    const sentAt = performance.now();
    await this.store.registerReplica(this.#id, this.leaseMs);
    this.#hold(sentAt);
  }

  /** Starts renewing the lease. */
  keep(): void {
    this.#keeping = true;
    if (this.held) this.renewal?.begin(this.#id);
    this.#next(renewalMs(this.leaseMs));
    this.#watch();
  }

  /** Releases it. Rejects when the storage cannot be reached. */
  async end(): Promise<void> {
    this.#ended = true;
    clearTimeout(this.#heartbeat);
    clearTimeout(this.#limit);
    // A renewal in progress must not restore the lease after its release.
    await this.renewal?.end();
    if (this.#beating) await withTimeout(this.#beating, LAST_CALL_MS);
    this.#until = undefined;
    await withTimeout(this.store.removeReplica(this.#id), LAST_CALL_MS);
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
      const kept = this.#byThread() ?? (await withTimeout(this.#ask(id), answerMs(this.leaseMs)));
      if (this.#ended) return;
      this.#failures.succeeded();
      // The answer may arrive after its lease was given up.
      if (id === this.#id && kept === true) this.#hold(sentAt);
      else if (id === this.#id && !kept) this.#lose();
    } catch (error) {
      this.#failures.failed(error);
    }
    this.#beating = undefined;
    // Just renewed, so there is time.
    const well = this.#until !== undefined && !this.#failures.failing;
    this.#next(well ? renewalMs(this.leaseMs) : retryMs(this.leaseMs));
    this.#watch();
  }

  /** What the thread knows about the lease. false: it is over; undefined: this thread has to ask. */
  #byThread(): 'by-thread' | false | undefined {
    if (this.#until === undefined || !this.renewal) return undefined;
    if (this.renewal.lost) return false;
    const { renewedMsAgo } = this.renewal;
    return renewedMsAgo !== undefined && renewedMsAgo < 2 * renewalMs(this.leaseMs) ? 'by-thread' : undefined;
  }

  async #ask(id: string): Promise<boolean> {
    if (this.#until !== undefined) return this.store.renewReplica(id, this.leaseMs);
    await this.store.registerReplica(id, this.leaseMs);
    // Runs lost with it are then found at once, even if an abandoned renewal has prolonged it.
    if (this.#former !== undefined) await this.store.removeReplica(this.#former);
    this.#former = undefined;
    return true;
  }

  #hold(sentAt: number): void {
    const fresh = this.#until === undefined;
    this.#until = sentAt + heldMs(this.leaseMs);
    if (fresh && this.#keeping) this.renewal?.begin(this.#id);
  }

  #watch(): void {
    clearTimeout(this.#limit);
    const end = this.#end;
    if (this.#ended || end === undefined || end === Infinity) return;
    const left = Math.max(0, Math.ceil(end - performance.now()));
    this.#limit = setTimeout(() => {
      this.#loseIfOver();
      // Timers can fire a fraction of a millisecond early.
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
    if (!this.#beating) this.#next(retryMs(this.leaseMs));
  }
}
