import { EMPTY, type Observable } from 'rxjs';
import { BoundedBuffer } from './bounded-buffer.js';
import { BufferedSource } from './buffered-source.js';
import { EventFeed } from './event-feed.js';
import type {
  CloseOptions,
  DequeueOptions,
  EventQueueLike,
  EventQueueLimits,
  EventQueueOptions,
  EventTap,
} from './event-queue.interface.js';
import { QueueTap } from './event-tap.js';
import { QueueClosedError } from './events.errors.js';

interface Producer<T> {
  readonly event: T;
  resolve(): void;
  reject(error: unknown): void;
}

const DONE = Promise.resolve();

const UNBOUNDED = { maxItems: Infinity, maxBytes: Infinity, sizeOf: () => 0 };

/** A bounded queue of events in order; see EventQueueLike. Its limits apply to what it retains; each tap has its own limits. */
export class EventQueue<T> extends BufferedSource<T> implements EventQueueLike<T> {
  readonly retains: boolean;
  readonly #taps = new Set<QueueTap<T>>();
  /** Producers that wait for space, created when the first one waits. */
  #producers?: BoundedBuffer<Producer<T>>;
  #feed?: EventFeed<T>;
  #closed = false;

  constructor({ retain = true, ...limits }: EventQueueOptions<T> = {}) {
    super(limits);
    this.retains = retain;
  }

  get taps(): number {
    return this.#closed ? 0 : this.#taps.size;
  }

  isClosed(): boolean {
    return this.#closed;
  }

  enqueueEvent(event: T): Promise<void> {
    if (this.#closed) return Promise.reject(new QueueClosedError());
    if (this.offerEvent(event)) return DONE;
    const producers = (this.#producers ??= new BoundedBuffer(UNBOUNDED));
    return new Promise((resolve, reject) => producers.push({ event, resolve, reject }));
  }

  offerEvent(event: T): boolean {
    if (this.#closed) throw new QueueClosedError();
    if (this.retains && (this.#producers?.length || !this.accept(event))) return false;
    this.#feed?.next(event);
    return true;
  }

  override dequeueEvent(options?: DequeueOptions): Promise<T> {
    if (this.retains) return super.dequeueEvent(options);
    return Promise.reject(
      new TypeError('This queue keeps nothing for itself (retain: false): tap it, and read the tap.'),
    );
  }

  tap(limits?: EventQueueLimits<T>): EventTap<T> {
    if (this.#closed) throw new QueueClosedError('The event queue is closed: it cannot be tapped.');
    const tap = new QueueTap<T>(this, this.asObservable(), limits);
    this.#taps.add(tap);
    return tap;
  }

  /** Called by a tap that closes. */
  tapClosed(tap: QueueTap<T>): void {
    this.#taps.delete(tap);
  }

  asObservable(): Observable<T> {
    if (this.#closed && !this.#feed) return EMPTY;
    return (this.#feed ??= new EventFeed()).events;
  }

  clearEvents({ children = true }: { children?: boolean } = {}): void {
    this.buffer.clear();
    if (children) for (const tap of this.#taps) tap.clear();
    this.taken();
  }

  close({ immediate = false, timeout = 5000 }: CloseOptions = {}): Promise<void> {
    if (!this.#closed) {
      this.#closed = true;
      while (this.#producers?.length) this.#producers.shift().reject(new QueueClosedError());
      this.refuseWaiters();
      this.#feed?.complete();
    }
    if (!immediate) return this.acknowledged(timeout);
    this.buffer.clear();
    for (const tap of this.#taps) tap.close();
    this.stopAwaitingAcknowledgement();
    return DONE;
  }

  protected override refusal(): Error | undefined {
    return this.#closed ? new QueueClosedError() : undefined;
  }

  /** Accepts waiting producers, in order, as long as there is space. */
  protected override taken(): void {
    while (this.#producers?.length) {
      const producer = this.#producers.peek();
      if (!this.accept(producer.event)) return;
      this.#producers.shift();
      this.#feed?.next(producer.event);
      producer.resolve();
    }
  }
}
