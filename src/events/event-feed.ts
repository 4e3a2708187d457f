import { type Observable, Subject, share } from 'rxjs';

/**
 * Passes each event to all current listeners. An event that a listener causes while it is called does not reach later listeners first: a
 * plain Subject would show them the two events in the wrong order.
 */
export class EventFeed<T> {
  readonly #subject = new Subject<T>();
  readonly events: Observable<T> = this.#subject.pipe(share());
  readonly #pending: T[] = [];
  #emitting = false;
  #completed = false;

  next(event: T): void {
    if (this.#emitting) {
      this.#pending.push(event);
      return;
    }
    if (!this.#subject.observed) return;
    this.#emitting = true;
    this.#subject.next(event);
    if (this.#pending.length > 0) {
      for (let i = 0; i < this.#pending.length; i += 1) this.#subject.next(this.#pending[i] as T);
      this.#pending.length = 0;
    }
    this.#emitting = false;
    if (this.#completed) this.#subject.complete();
  }

  complete(): void {
    this.#completed = true;
    if (!this.#emitting) this.#subject.complete();
  }
}
