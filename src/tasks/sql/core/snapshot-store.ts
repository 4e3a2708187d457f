import { jsonBytes } from '../../newest-that-fit.js';
import type { SnapshotStore, SnapshotReach } from '../../snapshot-writer.js';
import type { TaskSnapshot } from '../../task-record.js';
import { raw, sql } from './sql.js';
import type { SqlDatabase } from './sql-database.interface.js';
import type { SqlTaskReader } from './task-reader.js';

interface ReachRow {
  last_seq: number;
  bytes: number;
  snapshot_seq: number | null;
  snapshot_bytes: number | null;
  size: number | null;
}

/** Snapshots in a table of their own. */
export class SqlSnapshotStore implements SnapshotStore {
  constructor(
    private readonly db: SqlDatabase,
    private readonly reader: SqlTaskReader,
  ) {}

  async reach(taskId: string): Promise<SnapshotReach | undefined> {
    const [row] = await this.db.query<ReachRow>(sql`
      select t.last_seq, t.bytes, s.seq as snapshot_seq, s.bytes as snapshot_bytes, s.size
      from a2a_task t left join a2a_snapshot s on s.task_id = t.task_id
      where t.task_id = ${taskId}`);
    return (
      row && {
        lastSeq: row.last_seq,
        bytes: row.bytes,
        snapshotSeq: row.snapshot_seq ?? undefined,
        snapshotBytes: row.snapshot_bytes ?? undefined,
        size: row.size ?? undefined,
      }
    );
  }

  read(taskId: string): Promise<TaskSnapshot | undefined> {
    return this.reader.getUnscoped(taskId);
  }

  /**
   * One statement, so that no transaction waits while a large document travels. The lock prevents that the task is deleted before
   * its snapshot exists and can be deleted with it. A log may be trimmed up to the newer of two snapshots, so that one stays.
   */
  async write({ head: { taskId, bytes }, seq, task }: TaskSnapshot, doc: string): Promise<void> {
    const { keepRow, keepNewer } = this.db.dialect;
    const { artifacts: _, ...bare } = task;
    await this.db.run(sql`
      insert into a2a_snapshot (task_id, seq, bytes, size, bare_bytes, doc)
      select t.task_id, ${seq}, ${bytes}, ${Buffer.byteLength(doc)}, ${jsonBytes(bare)}, ${doc}
      from a2a_task t where t.task_id = ${taskId} ${raw(keepRow)}
      ${raw(keepNewer('a2a_snapshot', 'task_id', 'seq', ['bytes', 'size', 'bare_bytes', 'doc']))}`);
  }
}
