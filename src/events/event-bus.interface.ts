export const EVENT_BUS = Symbol('EventBus');

export interface TaskWake {
  readonly taskId: string;
  /** Newest committed seq that the sender knows of. */
  readonly seq: number;
  /** There is something for the run that owns the task, such as a cancel: it should look at its row. */
  readonly forOwner?: boolean;
}

/**
 * Tells other readers, here and on other replicas, to look at the log. It says nothing but "look": it may lose, repeat or
 * reorder calls (the poll floor makes up for it), never blocks, and is called after the commit.
 */
export interface EventBus {
  wake(heads: readonly TaskWake[]): void;
  /** Whether the sender's own listeners hear it too is up to the bus. Returns the function that unsubscribes. */
  onWake(listener: (heads: readonly TaskWake[]) => void): () => void;
  /** Says that tasks wait for a start, or messages for a turn: whoever has room should look. Lossy like `wake`, and coalesced. */
  wakeQueue(): void;
  /** Hears `wakeQueue`. Returns the function that unsubscribes. */
  onQueueWake(listener: () => void): () => void;
  /**
   * Called when wakes may have been lost in number, such as after the bus was away: look at everything once. Returns the
   * function that unsubscribes.
   */
  onGap(listener: () => void): () => void;
  close(): Promise<void>;
}
