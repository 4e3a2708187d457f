import { jsonBytes } from '../newest-that-fit.js';
import type { SnapshotPlace, SnapshotReach } from '../snapshot-writer.js';
import type { TaskSnapshot } from '../task-record.js';
import type { Database } from './database.js';
import type { TaskReader } from './task-reader.js';

const LATEST = `
select t.last_seq, t.bytes, s.seq as snapshot_seq, s.bytes as snapshot_bytes, octet_length(s.doc::text) as size
from a2a_task t left join a2a_snapshot s on s.task_id = t.task_id
where t.task_id = $1::uuid`;

/** The lock prevents that the task is deleted before its snapshot exists and can be deleted with it. */
const WRITE = `
insert into a2a_snapshot (task_id, seq, bytes, doc, bare_bytes)
select task_id, $2, $3, $4::json, $5 from a2a_task where task_id = $1::uuid for key share
on conflict (task_id) do update
set seq = excluded.seq, bytes = excluded.bytes, doc = excluded.doc, bare_bytes = excluded.bare_bytes
where a2a_snapshot.seq < excluded.seq`;

interface Latest {
  last_seq: number;
  bytes: number;
  snapshot_seq: number | null;
  snapshot_bytes: number | null;
  size: number | null;
}

/** Snapshots in a table of their own. */
export class TypeOrmSnapshotPlace implements SnapshotPlace {
  constructor(
    private readonly db: Database,
    private readonly reader: TaskReader,
  ) {}

  async reach(taskId: string): Promise<SnapshotReach | undefined> {
    const [row] = await this.db.query<Latest>(LATEST, [taskId]);
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

  async write({ head, seq, task }: TaskSnapshot, doc: string): Promise<void> {
    const { artifacts: _, ...bare } = task;
    await this.db.query(WRITE, [head.taskId, seq, head.bytes, doc, jsonBytes(bare)]);
  }
}
