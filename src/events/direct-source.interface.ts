/**
 * What a stream of batches may offer besides `next`, to a consumer for which a promise for each batch is too much. Not while a
 * `next` is under way.
 */
export interface DirectSource<V> {
  /** The next batch, if it is there without waiting. Undefined says nothing of the end: only `next` does. */
  take?(): V | undefined;
  /**
   * Calls `listener` once, when it is time to `take` again or the stream has ended. It is called while an event is handed to all
   * its readers: it must be brief and must not throw. False: there is no need to wait, ask `next`.
   */
  whenMore?(listener: () => void): boolean;
}
