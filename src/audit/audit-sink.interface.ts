import type { AuditRecord } from './audit-record.js';

/** Where records go. */
export interface AuditSink {
  /**
   * Appends records, in their order. Rejects if they may not have been kept: then they are written again, so a sink must tolerate a record
   * (by `chain` and `seq`) that it has already.
   */
  write(records: readonly AuditRecord[]): Promise<void>;
  /** Deletes records that are older. Called about once an hour, by one of the processes that share a storage. Absent: it keeps them. */
  prune?(olderThanMs: number): Promise<void>;
  /** Called after the last write. */
  close?(): Promise<void>;
}
