/**
 * What a stream of batches may offer besides `next`, to a consumer for which a promise per batch is too expensive. Do not use it while a
 * `next` is pending.
 */
export interface DirectSource<V> {
  /** The next batch, if it is available without waiting. Undefined does not mean the end: only `next` reports that. */
  take?(): V | undefined;
  /**
   * Calls `listener` once, when it is time to `take` again or the stream has ended. It is called while an event is passed to all its
   * readers: it must be brief and must not throw. False: do not wait, call `next`.
   */
  whenMore?(listener: () => void): boolean;
}
