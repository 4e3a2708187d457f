export interface Backoff {
  /** Delay after the first failure, in ms; it doubles with each failure … */
  readonly firstMs: number;
  /** … up to this. */
  readonly maxMs: number;
}

/** A random delay between half of `ms` and all of it: what failed or started together does not retry together. */
export const jittered = (ms: number, random: () => number = Math.random): number => ms * (0.5 + random() / 2);

/** How long to wait after `failures` earlier failures (0: this is the first), in ms, without jitter. */
export const exponentialDelay = (failures: number, { firstMs, maxMs }: Backoff): number =>
  Math.min(maxMs, firstMs * 2 ** Math.min(failures, 50));

/** `exponentialDelay` with jitter. */
export const backoffDelay = (failures: number, backoff: Backoff, random?: () => number): number =>
  jittered(exponentialDelay(failures, backoff), random);
