import { Observable } from 'rxjs';
import type { StreamResponse, TaskEvent } from '../../protocol/model/index.js';
import type { StreamItem } from '../../request-handler/request-handler.interface.js';

/** A committed event of a task, or the whole task. `seq` counts the events of the task from 1: use it to resume. */
export interface SequencedEvent {
  readonly seq: number;
  readonly event: TaskEvent;
}

/** An answer of an agent: an event of its task, or its only Message, which has no `seq` and cannot be resumed. */
export interface SentEvent {
  readonly seq?: number;
  readonly event: StreamResponse;
}

/**
 * Turns batches into an Observable that starts on subscription. It reads the next batch when the subscriber has returned from the last one;
 * unsubscribing ends the reading, and nothing else.
 */
export const observe = <T>(
  open: (left: AbortSignal) => Promise<AsyncIterable<readonly StreamItem[]>>,
  show: (item: StreamItem) => T,
  ended: () => void = () => undefined,
): Observable<T> =>
  new Observable<T>((subscriber) => {
    const leaving = new AbortController();
    const read = async (): Promise<void> => {
      let final = false;
      for await (const batch of await open(leaving.signal)) {
        for (const item of batch) {
          final = item.final;
          subscriber.next(show(item));
        }
      }
      if (!final && !leaving.signal.aborted) ended();
      subscriber.complete();
    };
    read().catch((error: unknown) => subscriber.error(error));
    return () => leaving.abort();
  });

export function toSent(item: StreamItem): SentEvent {
  return item.type === 'message' ? { event: { message: structuredClone(item.message) } } : toSequenced(item);
}

/** Copies for each subscriber: the readers of a task share the objects behind them. */
export function toSequenced(item: StreamItem): SequencedEvent {
  if (item.type === 'message') throw new Error('A task has no Message among its events.');
  if (item.type === 'snapshot') return { seq: item.seq, event: { task: structuredClone(item.document.task) } };
  return { seq: item.seq, event: JSON.parse(item.event.text) as TaskEvent };
}
