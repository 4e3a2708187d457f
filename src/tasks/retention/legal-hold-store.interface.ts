/** Injects the `LegalHoldStore`; undefined where the storage has none. */
export const LEGAL_HOLD_STORE = Symbol('LegalHoldStore');

/** Longest reason of a hold, in characters. */
export const MAX_HOLD_REASON = 500;

/** The tasks of this owner are not deleted, over all tenants and agents. */
export interface LegalHold {
  readonly owner: string;
  /** Why, in the operator's words. */
  readonly reason: string;
  /** When it was first placed, RFC 3339 UTC with milliseconds. */
  readonly since: string;
}

/**
 * Owners under a legal hold. While a hold is in place, retention neither deletes the owner's tasks nor trims their logs, and their
 * data is not erased. It holds for tasks of later as well. Not for clients. Throws A2AError UNAVAILABLE while the storage cannot be
 * reached.
 */
export interface LegalHoldStore {
  /** Places a hold, or changes the reason of the one that is there. A pass of retention that runs at this moment may still delete. */
  place(owner: string, reason: string): Promise<void>;
  /** False: there is none. */
  lift(owner: string): Promise<boolean>;
  find(owner: string): Promise<LegalHold | undefined>;
  /** By owner, after the owner `after`. At most `limit`, default 1,000. */
  list(after?: string, limit?: number): Promise<readonly LegalHold[]>;
}
