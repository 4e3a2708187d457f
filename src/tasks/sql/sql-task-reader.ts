import type { Task } from '../../protocol/model/index.js';
import type { TaskScope } from '../../security/call-context.js';
import { toEvent } from '../event-row.js';
import { foldLog } from '../fold-log.js';
import { isTaskId } from '../row-ids.js';
import type { SnapshotPlace, SnapshotReach } from '../snapshot-writer.js';
import { type OpenTask, wholeTask } from '../open-task.js';
import type { TaskRecord, TaskSnapshot } from '../task-record.js';
import { readStretch } from './event-stretch.js';
import type { SqlDatabase } from './sql-database.js';
import type { SqlSession, SqlValue } from './sql-session.js';
import { IN_SCOPE, TASK_COLUMNS, type SqlTaskRow, scoped, toHead } from './task-row.js';

const TASK = `select ${TASK_COLUMNS} from a2a_task t where`;
const SNAPSHOT = `select seq, doc from a2a_snapshot where task_id = ?`;

const REACH = `
select t.last_seq, t.bytes, t.trimmed_seq, s.seq as snapshot_seq, s.bytes as snapshot_bytes, s.size
from a2a_task t left join a2a_snapshot s on s.task_id = t.task_id
where t.task_id = ?`;

const SMALL_BYTES = 64 * 1024;
const [STRETCH_EVENTS, STRETCH_BYTES] = [2048, 4 * 1024 * 1024];

interface ReachRow {
  last_seq: number;
  bytes: number;
  snapshot_seq: number | null;
  snapshot_bytes: number | null;
  size: number | null;
}

/** Reads a task as the fold of a snapshot and the events after it, and stores the snapshots. */
export class SqlTaskReader implements SnapshotPlace {
  constructor(private readonly db: SqlDatabase) {}

  async head(scope: TaskScope, taskId: string): Promise<TaskRecord | undefined> {
    if (!isTaskId(taskId)) return undefined;
    const [row] = await this.db.query<SqlTaskRow>(`${TASK} ${IN_SCOPE}`, scoped(scope, taskId));
    return row && toHead(row);
  }

  open(scope: TaskScope, taskId: string): Promise<OpenTask | undefined> {
    return this.#open(`${TASK} ${IN_SCOPE}`, taskId, scoped(scope, taskId));
  }

  /** Of any owner; not for clients. */
  read(taskId: string): Promise<TaskSnapshot | undefined> {
    return wholeTask(taskId, () => this.#open(`${TASK} t.task_id = ?`, taskId, [taskId]));
  }

  async reach(taskId: string): Promise<SnapshotReach | undefined> {
    const [row] = await this.db.query<ReachRow>(REACH, [taskId]);
    if (!row) return undefined;
    const { last_seq: lastSeq, bytes, snapshot_seq: seq, snapshot_bytes: covered, size } = row;
    if (seq === null) return { lastSeq, bytes };
    return { lastSeq, bytes, snapshotSeq: seq, snapshotBytes: covered ?? 0, size: size ?? 0 };
  }

  /** The lock prevents that the task is deleted before its snapshot exists and can be deleted with it. */
  async write({ head, seq }: TaskSnapshot, doc: string): Promise<void> {
    await this.db.write(async (session) => {
      const lock = `select task_id from a2a_task where task_id = ? ${session.dialect.forUpdate}`;
      if ((await session.query(lock, [head.taskId])).length === 0) return;
      const [there] = await session.query<{ seq: number }>(`select seq from a2a_snapshot where task_id = ?`, [
        head.taskId,
      ]);
      if (there && there.seq >= seq) return;
      if (there) await session.run(`delete from a2a_snapshot where task_id = ?`, [head.taskId]);
      const values = [head.taskId, seq, head.bytes, Buffer.byteLength(doc), doc];
      await session.run(`insert into a2a_snapshot (task_id, seq, bytes, size, doc) values (?, ?, ?, ?, ?)`, values);
    });
  }

  /** The content of a small task is read in the view that finds it; that of a larger task is read on demand in a view of its own. */
  async #open(sql: string, taskId: string, values: readonly SqlValue[]): Promise<OpenTask | undefined> {
    if (!isTaskId(taskId)) return undefined;
    return this.db.view(async (session) => {
      const [row] = await session.query<SqlTaskRow>(sql, values);
      if (!row) return undefined;
      const head = toHead(row);
      if (head.bytes > SMALL_BYTES) return { head, read: () => this.#readLater(head) };
      const task = await foldTask(session, head);
      return { head, read: () => Promise.resolve(task) };
    });
  }

  #readLater(head: TaskRecord): Promise<Task | undefined> {
    return this.db.view(async (session) => {
      const [row] = await session.query<ReachRow & { trimmed_seq: number }>(REACH, [head.taskId]);
      if (!row) return undefined;
      const whole = Math.max(row.snapshot_seq ?? 0, row.trimmed_seq) <= head.lastSeq;
      return whole ? foldTask(session, head) : undefined;
    });
  }
}

/** The task as of its record. The session must see everything as of one moment. */
export async function foldTask(session: SqlSession, head: TaskRecord): Promise<Task> {
  const [snapshot] = await session.query<{ seq: number; doc: string }>(SNAPSHOT, [head.taskId]);
  let task = snapshot && (JSON.parse(snapshot.doc) as Task);
  for (let after = snapshot?.seq ?? 0; after < head.lastSeq;) {
    const { taskId, lastSeq: upTo } = head;
    const rows = await readStretch(session, { taskId, after, upTo, limit: STRETCH_EVENTS, maxBytes: STRETCH_BYTES });
    if (!rows) throw new Error(`The log of task ${taskId} has a hole after event ${after}.`);
    task = foldLog(
      rows.map((row) => toEvent(head, row)),
      task,
    );
    after += rows.length;
  }
  if (!task) throw new Error(`The log of task ${head.taskId} is empty.`);
  return task;
}
