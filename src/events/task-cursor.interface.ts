import type { TaskState } from '../protocol/model/index.js';
import type { CallContext } from '../security/call-context.js';
import type { CommittedEvent } from '../tasks/committed-event.js';
import type { TaskDocument } from '../tasks/task-document.js';
import type { DirectSource } from './direct-source.interface.js';

export const TASK_CURSORS = Symbol('TaskCursors');

/** What a reader gets. `final`: nothing follows on this stream. */
export type CursorItem =
  | { readonly type: 'snapshot'; readonly document: TaskDocument; readonly seq: number; readonly final: boolean }
  | { readonly type: 'event'; readonly event: CommittedEvent; readonly seq: number; readonly final: boolean };

export interface CursorOptions {
  readonly context: CallContext;
  readonly taskId: string;
  /**
   * Absent: the Task as of M first, then M+1 …. A number N with 0 <= N <= last_seq: no snapshot, from N+1 on. Larger than
   * last_seq, or trimmed away: as if absent.
   */
  readonly afterSeq?: number;
  /** Messages of the history in a Task that opens the stream. Absent: all. */
  readonly historyLength?: number;
  /** The stream ends with the first status that this accepts; a terminal state always ends it. */
  readonly endsAt: (state: TaskState) => boolean;
  /** Ends the generator without an error. */
  readonly signal?: AbortSignal;
}

/** Batches of items. `take` and `whenMore` are optional: a stream without them is pulled by `next` alone. */
export type CursorStream = AsyncGenerator<CursorItem[], void, void> & DirectSource<CursorItem[]>;

/**
 * Makes readers. A reader is an async generator of batches (all that is there without waiting, at most 256 items and 256 KiB),
 * pulled by its consumer: what is not pulled stays in the log. Exactly once, in order, whatever happens to taps and bus.
 */
export interface TaskCursors {
  /**
   * Throws TASK_NOT_FOUND (at the first pull) when the task is not there, UNAVAILABLE when the log cannot be read for long.
   * A task that vanishes while it is read ends the stream.
   */
  open(options: CursorOptions): CursorStream;
}
