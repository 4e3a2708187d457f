import type { TaskScope } from '../security/call-context.js';

export const EVENT_BUS = Symbol('EventBus');

/** Says that a task has new events. */
export interface TaskWake {
  readonly taskId: string;
  /** Newest committed seq that the sender knows of. */
  readonly seq: number;
  /** The run that owns the task should read its row, for example because of a cancel. */
  readonly forOwner?: boolean;
  /** For the handlers of task events in other processes. Absent: the sender has no handlers. */
  readonly news?: TaskNews;
}

/** Whose task it is, and the seq before the first event that the wake is about. */
export interface TaskNews extends TaskScope {
  readonly after: number;
}

/**
 * Tells other readers, here and on other replicas, to read the log. It carries no data: it may lose, repeat or reorder calls (polling makes
 * up for it), never blocks, and is called after the commit.
 */
export interface EventBus {
  /** false: it is not connected to other processes at present. Absent: it needs no connection. */
  readonly connected?: boolean;
  wake(heads: readonly TaskWake[]): void;
  /** The bus decides whether the sender's own listeners hear it too. Returns the function that unsubscribes. */
  onWake(listener: (heads: readonly TaskWake[]) => void): () => void;
  /**
   * Reports that tasks wait for a start, or messages for a turn: processes with free capacity should scan. Lossy like `wake`, and
   * coalesced.
   */
  wakeQueue(): void;
  /** Listens for `wakeQueue`. Returns the function that unsubscribes. */
  onQueueWake(listener: () => void): () => void;
  /**
   * Called when many wakes may have been lost, for example after the bus was unavailable: check everything once. Returns the function that
   * unsubscribes.
   */
  onGap(listener: () => void): () => void;
  close(): Promise<void>;
}
