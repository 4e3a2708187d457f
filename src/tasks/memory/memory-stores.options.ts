export interface MemoryStoresOptions {
  /** Tasks that are kept; default 100 000. At the limit ended tasks are forgotten, those of the owner with most tasks first. */
  readonly maxTasks?: number;
  /**
   * Estimated bytes of all tasks with their events, messages and deliveries; default 512 MiB. At the limit ended tasks are
   * forgotten: of the owner who holds most, oldest first. When none is left, or only tasks of owners who hold less than one who
   * has a quarter of the memory already, new tasks, messages and artifacts are refused.
   */
  readonly maxBytes?: number;
}

export const DEFAULT_MAX_TASKS = 100_000;
export const DEFAULT_MAX_BYTES = 512 * 1024 * 1024;

/** Estimates of what a row costs beside its text. */
export const ROW_COST = { task: 1024, event: 160, message: 256, delivery: 256, config: 512 } as const;
