import type { Observable, Subscription } from 'rxjs';
import { BufferedSource } from './buffered-source.js';
import type { EventQueueLimits, EventTap } from './event-queue.interface.js';
import { QueueClosedError, TapLaggingError } from './events.errors.js';

/** What a tap needs from its queue. */
export interface TapOwner<T> {
  tap(limits?: EventQueueLimits<T>): EventTap<T>;
  tapClosed(tap: QueueTap<T>): void;
}

/** A reader's view of a queue; see EventTap. Created by `EventQueue.tap()`. */
export class QueueTap<T> extends BufferedSource<T> implements EventTap<T> {
  readonly #owner: TapOwner<T>;
  readonly #subscription: Subscription;
  #lagging = false;
  /** Events that were dropped since it overflowed. */
  #missed = 0;
  #ended = false;

  constructor(owner: TapOwner<T>, events: Observable<T>, limits?: EventQueueLimits<T>) {
    super(limits);
    this.#owner = owner;
    this.#subscription = events.subscribe({ next: (event) => this.#receive(event), complete: () => this.#end() });
  }

  get lagging(): boolean {
    return this.#lagging;
  }

  get behind(): number {
    return this.#missed + this.length;
  }

  isClosed(): boolean {
    return this.#ended;
  }

  resume(): void {
    this.#lagging = false;
    this.#missed = 0;
  }

  tap(limits?: EventQueueLimits<T>): EventTap<T> {
    return this.#owner.tap(limits);
  }

  /** Drops what is buffered and keeps listening. */
  clear(): void {
    this.buffer.clear();
  }

  close(): void {
    this.#lagging = false;
    this.buffer.clear();
    this.#subscription.unsubscribe();
    this.#end();
    this.#owner.tapClosed(this);
  }

  protected override refusal(): Error | undefined {
    if (this.#lagging) return new TapLaggingError();
    return this.#ended ? new QueueClosedError() : undefined;
  }

  #receive(event: T): void {
    if (!this.#lagging && this.accept(event)) return;
    this.#missed += this.length + 1;
    this.buffer.clear();
    this.#lagging = true;
  }

  #end(): void {
    this.#ended = true;
    this.refuseWaiters();
  }
}
