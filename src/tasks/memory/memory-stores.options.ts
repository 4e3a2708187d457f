export interface MemoryStoresOptions {
  /** The most tasks that are kept; default 100 000. At the limit ended tasks are deleted, first those of the owner with most tasks. */
  readonly maxTasks?: number;
  /**
   * Estimated bytes of all tasks with their events, messages and deliveries; default 512 MiB. At the limit ended tasks are
   * deleted: of the owner who holds most, oldest first. If none is left, or only tasks of owners who hold less than a requester
   * who already has a quarter of the memory, then new tasks, messages and artifacts are refused.
   */
  readonly maxBytes?: number;
}

export const DEFAULT_MAX_TASKS = 100_000;
export const DEFAULT_MAX_BYTES = 512 * 1024 * 1024;

/** Estimated overhead of a row beyond its text. */
export const ROW_COST = { task: 1024, event: 160, message: 256, delivery: 256, config: 512 } as const;
