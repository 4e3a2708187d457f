import type { AuditRecord } from '../../../audit/audit-record.js';
import type { AuditSink } from '../../../audit/audit-sink.interface.js';
import { join, later, raw, sql, timeValue } from './sql.js';
import type { SqlDatabase } from './sql-database.interface.js';

/** Rows that are deleted in one statement. */
const PRUNED_ROWS = 1_000;

/** The table a2a_audit. Rows are only added, and deleted by age. */
export class SqlAuditTable implements AuditSink {
  constructor(private readonly db: SqlDatabase) {}

  /** A row that is there already, because the outcome of an earlier write was unknown, stays. */
  async write(records: readonly AuditRecord[]): Promise<void> {
    const rows = records.map(
      ({ at, chain, seq, entry, line }) =>
        sql`(${timeValue(at)}, ${chain}, ${seq}, ${entry.owner}, ${entry.taskId}, ${line})`,
    );
    const conflict = raw(this.db.dialect.onConflict(['chain', 'seq'], ['seq']));
    await this.db.run(
      sql`insert into a2a_audit (at, chain, seq, owner, task_id, record) values ${join(rows)} ${conflict}`,
    );
  }

  async prune(olderThanMs: number): Promise<void> {
    let deleted = PRUNED_ROWS;
    while (deleted === PRUNED_ROWS) {
      // MySQL does not delete from a table that a subquery reads, unless it is a derived one.
      deleted = await this.db.run(sql`
        delete from a2a_audit where id in (select id from (
          select id from a2a_audit where at < ${later(-olderThanMs)} order by at limit ${PRUNED_ROWS}) old)`);
    }
  }
}
