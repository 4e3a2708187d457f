/** The budget of a caller as it is stored. */
export interface StoredBudget {
  /** When the whole budget is there again; undefined: it is. In µs of the storage's clock, since 1970. */
  readonly fullAt: number | undefined;
  readonly now: number;
}

/**
 * The budgets of callers over all processes that share a storage. It knows nothing of limits. Throws A2AError UNAVAILABLE while the storage
 * cannot be reached.
 */
export interface CallRateStore {
  read(caller: string): Promise<StoredBudget>;
  /** Writes `after` if the budget still is `before`. False: another process was faster, or forgot it. */
  swap(caller: string, before: number | undefined, after: number): Promise<boolean>;
  /** Forgets up to `limit` callers whose budget is whole. Returns how many. */
  prune(limit: number): Promise<number>;
}
