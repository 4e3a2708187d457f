import type { TaskState } from '../protocol/model/index.js';
import type { CallContext } from '../security/call-context.js';
import type { CommittedEvent } from '../tasks/committed-event.js';
import type { TaskDocument } from '../tasks/task-document.js';
import type { DirectSource } from './direct-source.interface.js';

export const TASK_CURSORS = Symbol('TaskCursors');

/** What a reader receives. `final`: nothing follows on this stream. */
export type CursorItem =
  | { readonly type: 'snapshot'; readonly document: TaskDocument; readonly seq: number; readonly final: boolean }
  | { readonly type: 'event'; readonly event: CommittedEvent; readonly seq: number; readonly final: boolean };

export interface CursorOptions {
  readonly context: CallContext;
  readonly taskId: string;
  /**
   * Absent: the Task as of M first, then M+1 …. A number N with 0 <= N <= last_seq: no snapshot, starts at N+1. Larger than last_seq, or
   * trimmed: as if absent.
   */
  readonly afterSeq?: number;
  /** Maximum history messages in a Task that opens the stream. Absent: all. */
  readonly historyLength?: number;
  /** The stream ends with the first status for which this returns true; a terminal state always ends it. */
  readonly endsAt: (state: TaskState) => boolean;
  /** Ends the generator without an error. */
  readonly signal?: AbortSignal;
}

/** Batches of items. `take` and `whenMore` are optional: a stream without them is pulled by `next` alone. */
export type CursorStream = AsyncGenerator<CursorItem[], void, void> & DirectSource<CursorItem[]>;

/**
 * Opens readers. A reader is an async generator of batches (all that is available without waiting, at most 256 items and 256 KiB), pulled
 * by its consumer: what is not pulled stays in the log. Exactly once, in order, whatever happens to taps and bus.
 */
export interface TaskCursors {
  /**
   * Throws TASK_NOT_FOUND (at the first pull) when the task does not exist, UNAVAILABLE when the log stays unreadable. The stream ends if
   * the task is deleted while it is read.
   */
  open(options: CursorOptions): CursorStream;
}
