import { FailureLog } from '../failure-log.js';
import { RateLimit, type RateState } from '../rate-limit.js';
import { SafeLogger } from '../safe-logger.js';
import type { CallRateStore } from './call-rate-store.interface.js';

const MINUTE_MS = 60_000;
const US = 1_000;
/** A process takes at most this part of what is left, and at most MAX_LEASE calls, so that the others find some. */
const LEASE_PART = 1 / 8;
const MAX_LEASE = 100;
/** Calls that were taken are used in this time: afterwards the whole budget is there anyway. */
const LEASE_MS = MINUTE_MS;
const MAX_CALLERS = 100_000;
const MAX_SWAPS = 20;
/** A call waits no longer for the storage, in ms, unless the constructor is told otherwise. */
const PATIENCE_MS = 1_000;
const PRUNE_EVERY_MS = 10 * MINUTE_MS;
const PRUNED = 1_000;

/** What this process has of the budget of a caller. */
interface Lease {
  /** Calls that it took and has not used. */
  left: number;
  /** Calls that the storage had left then, for all. */
  shared: number;
  takenAt: number;
  /** The whole budget is there again. */
  fullAt: number;
  /** Nothing is left before this time. */
  emptyUntil: number;
  /** Calls that wait for the storage. */
  waiting: number;
  refill?: Promise<void>;
}

/**
 * Counts the calls of each caller over all processes that share a storage, as RateLimit counts them in one. A process takes several calls
 * at a time from the budget that is stored, so most calls cost no access. While the storage fails or is slow it counts for itself.
 */
export class SharedRateLimit {
  readonly #leases = new Map<string, Lease>();
  readonly #own: RateLimit;
  readonly #failures = new FailureLog(new SafeLogger('CallRates'), {
    failed: 'The calls of callers cannot be counted over all processes, so this process counts for itself',
    recovered: 'Calls are counted over all processes again.',
  });
  #prunedAt: number;

  constructor(
    private readonly store: CallRateStore,
    private readonly now: () => number = () => performance.now(),
    private readonly patienceMs = PATIENCE_MS,
  ) {
    this.#own = new RateLimit(now);
    this.#prunedAt = now();
  }

  /** Takes a call, at once if this process has one. undefined: there is no limit, which `perMinute` 0 says. Never rejects. */
  take(caller: string, perMinute: number): RateState | undefined | Promise<RateState | undefined> {
    if (perMinute === 0) return undefined;
    const lease = this.#lease(caller);
    return this.#taken(lease, perMinute) ?? this.#wait(lease, caller, perMinute);
  }

  async #wait(lease: Lease, caller: string, perMinute: number): Promise<RateState | undefined> {
    lease.waiting++;
    try {
      for (;;) {
        const state = this.#taken(lease, perMinute);
        if (state) return state;
        lease.refill ??= this.#refill(lease, caller, perMinute).finally(() => (lease.refill = undefined));
        await inTime(lease.refill, this.patienceMs);
        this.#failures.succeeded();
      }
    } catch (error) {
      this.#failures.failed(error);
      return this.#own.take(caller, perMinute);
    } finally {
      lease.waiting--;
    }
  }

  /** undefined: the storage must be asked. */
  #taken(lease: Lease, perMinute: number): RateState | undefined {
    const now = this.now();
    const resetMs = Math.max(0, lease.fullAt - now);
    if (lease.left > 0 && now < lease.takenAt + LEASE_MS) {
      lease.left--;
      const remaining = Math.min(perMinute - 1, lease.shared + lease.left);
      return { perMinute, ok: true, remaining, retryMs: 0, resetMs };
    }
    if (now >= lease.emptyUntil) return undefined;
    return { perMinute, ok: false, remaining: 0, retryMs: lease.emptyUntil - now, resetMs };
  }

  async #refill(lease: Lease, caller: string, perMinute: number): Promise<void> {
    const costUs = (MINUTE_MS * US) / perMinute;
    for (let swaps = 0; swaps < MAX_SWAPS; swaps++) {
      const { fullAt, now } = await this.store.read(caller);
      const before = Math.max(fullAt ?? now, now);
      const free = MINUTE_MS * US - (before - now);
      const available = Math.max(0, Math.floor(free / costUs + TOLERANCE));
      const taken = Math.min(
        available,
        Math.max(lease.waiting, Math.min(MAX_LEASE, Math.floor(available * LEASE_PART))),
      );
      const after = Math.floor(before + taken * costUs);
      if (taken > 0 && !(await this.store.swap(caller, fullAt, after))) continue;
      const here = this.now();
      const full = here + (after - now) / US;
      const emptyUntil = taken > 0 ? 0 : here + (costUs - free) / US;
      Object.assign(lease, { left: taken, shared: available - taken, takenAt: here, fullAt: full, emptyUntil });
      this.#prune(here);
      return;
    }
    throw new Error('Other processes changed the budget of a caller again and again.');
  }

  #lease(caller: string): Lease {
    const known = this.#leases.get(caller);
    if (known) return known;
    const lease = { left: 0, shared: 0, takenAt: 0, fullAt: 0, emptyUntil: 0, waiting: 0 };
    this.#leases.set(caller, lease);
    const [first] = this.#leases.keys();
    if (this.#leases.size > MAX_CALLERS && first !== undefined) this.#leases.delete(first);
    return lease;
  }

  #prune(now: number): void {
    if (now - this.#prunedAt < PRUNE_EVERY_MS) return;
    this.#prunedAt = now;
    this.store.prune(PRUNED).catch(() => undefined);
  }
}

/** Of a call: fractions of a µs are cut off. */
const TOLERANCE = 1e-3;

/** @throws Error if it takes too long */
async function inTime(work: Promise<void>, limitMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('The storage takes too long.')), limitMs);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
