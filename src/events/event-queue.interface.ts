import type { Observable } from 'rxjs';

export interface EventQueueLimits<T> {
  /** Default 1024. */
  maxItems?: number;
  /** Sum of `sizeOf` over the buffered events; default 1 MiB. A larger event is accepted when the queue is empty. */
  maxBytes?: number;
  /** Size of one event; default: its `size` property when it is a number, else 0. */
  sizeOf?: (event: T) => number;
}

export interface EventQueueOptions<T> extends EventQueueLimits<T> {
  /**
   * false: the queue keeps nothing for itself and only feeds its taps (a task's root queue of committed events), so it is never full and
   * `dequeueEvent` throws. Default true.
   */
  retain?: boolean;
}

export interface DequeueOptions {
  /** Throws QueueEmptyError instead of waiting. */
  noWait?: boolean;
  /** Stops the wait, which rejects with the signal's reason. */
  signal?: AbortSignal;
}

export interface CloseOptions {
  /** true: drops what is buffered, here and in the taps. Default false: what was accepted can still be dequeued. */
  immediate?: boolean;
  /** How long a graceful close waits for `taskDone` of every dequeued event, in ms; default 5000. */
  timeout?: number;
}

/** The reading side, shared by a queue and its taps. */
export interface EventSource<T> {
  /** Waits for the next event. Closed and empty: rejects with QueueClosedError. */
  dequeueEvent(options?: DequeueOptions): Promise<T>;
  /** Removes all that is buffered now: at most `maxItems` and `maxBytes`, but at least one event. Never waits. */
  drain(maxItems?: number, maxBytes?: number): T[];
  /** Resolves as soon as `drain` would return something or `dequeueEvent` would reject. Removes nothing. Never rejects. */
  whenReady(): Promise<void>;
  /**
   * `whenReady` without a promise: calls `listener` once, at once if the source is ready. One listener at a time: the next replaces it. It
   * is called while the event is delivered, and must not throw.
   */
  onReady(listener: () => void): void;
  /** Acknowledges one dequeued event. Throws RangeError on more acknowledgements than dequeues. */
  taskDone(): void;
  isClosed(): boolean;
  /** Number of buffered events. */
  readonly length: number;
}

/** A reader's own view of a queue. It never slows down the queue or other taps. */
export interface EventTap<T> extends EventSource<T> {
  /**
   * True after an overflow: its buffer was dropped and it takes nothing more until `resume()`. A waiting `dequeueEvent` then rejects with
   * TapLaggingError: the reader goes back to the log.
   */
  readonly lagging: boolean;
  /** Events that its reader has not taken: buffered, and dropped since it overflowed. */
  readonly behind: number;
  /** Listens again, starting with the next event. */
  resume(): void;
  /** Another tap on the same source (flat: it outlives this one). Throws QueueClosedError when the source is closed. */
  tap(limits?: EventQueueLimits<T>): EventTap<T>;
  /** Detaches from the source and drops what is buffered. Idempotent. */
  close(): void;
}

/**
 * A bounded queue of events in order. Two uses: between an agent and the one writer (retained, not tapped), and as the
 * root queue of a task's committed events (not retained, tapped by readers).
 */
export interface EventQueueLike<T> extends EventSource<T> {
  /** Resolves when accepted; waits while full; rejects with QueueClosedError after close (also while waiting). */
  enqueueEvent(event: T): Promise<void>;
  /** Enqueues an event if it need not wait. False: the queue is full, or others wait. Throws QueueClosedError after close. */
  offerEvent(event: T): boolean;
  /** Receives the events enqueued from now on. A tap of a tap attaches to the source (flat). Throws QueueClosedError when closed. */
  tap(limits?: EventQueueLimits<T>): EventTap<T>;
  /** Drops what is buffered (default: also in the taps, without marking them as lagging). */
  clearEvents(options?: { children?: boolean }): void;
  close(options?: CloseOptions): Promise<void>;
  /** Hot: the events from the time of subscription; completes on close. RxJS `share`. */
  asObservable(): Observable<T>;
  /** Number of open taps. */
  readonly taps: number;
}
