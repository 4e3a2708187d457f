import { BoundedBuffer } from './bounded-buffer.js';
import type { DequeueOptions, EventQueueLimits, EventSource } from './event-queue.interface.js';
import { QueueEmptyError } from './events.errors.js';

interface Waiter<T> {
  resolve(event: T): void;
  reject(error: unknown): void;
}

const READY = Promise.resolve();

/** The reading side of queues and taps: a bounded buffer, waiting readers (first come, first served), and acknowledgements. */
export abstract class BufferedSource<T> implements EventSource<T> {
  protected readonly buffer: BoundedBuffer<T>;
  readonly #waiters = new Set<Waiter<T>>();
  #ready?: { promise: Promise<void>; resolve: () => void };
  #onReady?: () => void;
  #unacknowledged = 0;
  #whenAcknowledged: (() => void)[] = [];

  constructor(limits?: EventQueueLimits<T>) {
    this.buffer = new BoundedBuffer(limits);
  }

  abstract isClosed(): boolean;

  /** Why nothing will come any more when the buffer is empty; undefined: something may come. */
  protected abstract refusal(): Error | undefined;

  /** Called when space was freed. */
  protected taken(): void {}

  get length(): number {
    return this.buffer.length;
  }

  dequeueEvent(options?: DequeueOptions): Promise<T> {
    const signal = options?.signal;
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (this.buffer.length > 0) {
      const event = this.buffer.shift();
      this.#unacknowledged += 1;
      this.taken();
      return Promise.resolve(event);
    }
    const refusal = this.refusal() ?? (options?.noWait ? new QueueEmptyError() : undefined);
    if (refusal) return Promise.reject(refusal);
    return new Promise<T>((resolve, reject) => this.#wait({ resolve, reject }, signal));
  }

  drain(maxItems = Infinity, maxBytes = Infinity): T[] {
    const events = this.buffer.take(maxItems, maxBytes);
    this.#unacknowledged += events.length;
    if (events.length > 0) this.taken();
    return events;
  }

  whenReady(): Promise<void> {
    if (this.buffer.length > 0 || this.refusal()) return READY;
    if (!this.#ready) {
      let resolve = (): void => {};
      const promise = new Promise<void>((settle) => (resolve = settle));
      this.#ready = { promise, resolve };
    }
    return this.#ready.promise;
  }

  onReady(listener: () => void): void {
    if (this.buffer.length > 0 || this.refusal()) listener();
    else this.#onReady = listener;
  }

  taskDone(): void {
    if (this.#unacknowledged === 0) throw new RangeError('taskDone() was called more often than events were dequeued.');
    this.#unacknowledged -= 1;
    if (this.#unacknowledged === 0 && this.#whenAcknowledged.length > 0) this.stopAwaitingAcknowledgement();
  }

  /** Gives the event to the first waiter or to the buffer. False: it does not fit. */
  protected accept(event: T): boolean {
    if (this.#waiters.size > 0) {
      this.#unacknowledged += 1;
      this.#nextWaiter().resolve(event);
      return true;
    }
    if (!this.buffer.push(event)) return false;
    this.#announce();
    return true;
  }

  /** Rejects all waiters: nothing will come. */
  protected refuseWaiters(): void {
    while (this.#waiters.size > 0) this.#nextWaiter().reject(this.refusal());
    this.#announce();
  }

  /** Resolves when all dequeued events are acknowledged, at the latest after `timeout` ms. */
  protected acknowledged(timeout: number): Promise<void> {
    if (this.#unacknowledged === 0 || timeout <= 0) return READY;
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, timeout);
      this.#whenAcknowledged.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  protected stopAwaitingAcknowledgement(): void {
    for (const resolve of this.#whenAcknowledged.splice(0)) resolve();
  }

  #announce(): void {
    this.#ready?.resolve();
    this.#ready = undefined;
    const listener = this.#onReady;
    this.#onReady = undefined;
    listener?.();
  }

  #nextWaiter(): Waiter<T> {
    const waiter = this.#waiters.values().next().value as Waiter<T>;
    this.#waiters.delete(waiter);
    return waiter;
  }

  #wait(waiter: Waiter<T>, signal?: AbortSignal): void {
    if (!signal) {
      this.#waiters.add(waiter);
      return;
    }
    const onAbort = (): void => {
      this.#waiters.delete(guarded);
      waiter.reject(signal.reason);
    };
    const guarded: Waiter<T> = {
      resolve: (event) => {
        signal.removeEventListener('abort', onAbort);
        waiter.resolve(event);
      },
      reject: (error) => {
        signal.removeEventListener('abort', onAbort);
        waiter.reject(error);
      },
    };
    this.#waiters.add(guarded);
    signal.addEventListener('abort', onAbort, { once: true });
  }
}
