export const EVENT_BUS = Symbol('EventBus');

export interface TaskWake {
  readonly taskId: string;
  /** Newest committed seq that the sender knows of. */
  readonly seq: number;
}

/**
 * Tells other readers, here and on other replicas, to look at the log. It says nothing but "look": it may lose, repeat or
 * reorder calls (the poll floor makes up for it), never blocks, and is called after the commit.
 */
export interface EventBus {
  wake(heads: readonly TaskWake[]): void;
  /** Returns the function that unsubscribes. */
  onWake(listener: (heads: readonly TaskWake[]) => void): () => void;
  close(): Promise<void>;
}
