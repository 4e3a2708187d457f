import type { Task } from '../../protocol/model/index.js';
import { unavailable } from '../../protocol/errors/index.js';
import type { TaskScope } from '../../security/call-context.js';
import { foldLog } from '../fold-log.js';
import type { TaskHead, TaskSnapshot } from '../task-head.js';
import type { Database } from './database.js';
import { EVENT_COLUMNS, type EventRow, toEvent } from '../event-row.js';
import { IN_SCOPE, TASK_COLUMNS, type TaskRow, isTaskId, scoped, toHead } from './task-row.js';

/** A stored snapshot: the fold of the events 1 … seq. */
export interface StoredSnapshot {
  readonly seq: number;
  readonly doc: string;
}

const HEAD = `select ${TASK_COLUMNS} from a2a_task t where ${IN_SCOPE}`;

const WITH_SNAPSHOT = `
select ${TASK_COLUMNS}, s.seq as snapshot_seq, s.doc as snapshot_doc
from a2a_task t left join a2a_snapshot s on s.task_id = t.task_id`;

/** At most $4 events and, past the first, those before which there are fewer than $5 bytes. */
const STRETCH = `
select ${EVENT_COLUMNS} from (
  select *, sum(bytes) over (order by seq) - bytes as before
  from (select * from a2a_event where task_id = $1::uuid and seq > $2 and seq <= $3 order by seq limit $4) as stretch
) as e
where before < $5
order by seq`;

const STRETCH_EVENTS = 2048;
const STRETCH_BYTES = 4 * 1024 * 1024;
const READ_RETRIES = 5;

interface SnapshotRow extends TaskRow {
  snapshot_seq: number | null;
  snapshot_doc: string | null;
}

/** Reads tasks as the fold of a snapshot and the events after it. */
export class TaskReader {
  constructor(private readonly db: Database) {}

  async head(scope: TaskScope, taskId: string): Promise<TaskHead | undefined> {
    if (!isTaskId(taskId)) return undefined;
    const [row] = await this.db.query<TaskRow>(HEAD, scoped(scope, taskId));
    return row && toHead(row);
  }

  get(scope: TaskScope, taskId: string): Promise<TaskSnapshot | undefined> {
    return this.#read(taskId, `${WITH_SNAPSHOT} where ${IN_SCOPE}`, scoped(scope, taskId));
  }

  /** Whoever it belongs to; not for clients. */
  getUnscoped(taskId: string): Promise<TaskSnapshot | undefined> {
    return this.#read(taskId, `${WITH_SNAPSHOT} where t.task_id = $1::uuid`, [taskId]);
  }

  /**
   * The task as of the head's last_seq, whatever is appended meanwhile. undefined: the log does not reach from the snapshot
   * to there, because it was trimmed or deleted since.
   */
  async fold(head: TaskHead, snapshot?: StoredSnapshot): Promise<Task | undefined> {
    let task = snapshot && (JSON.parse(snapshot.doc) as Task);
    for (let seq = snapshot?.seq ?? 0; seq < head.lastSeq;) {
      const values = [head.taskId, seq, head.lastSeq, STRETCH_EVENTS, STRETCH_BYTES];
      const rows = await this.db.query<EventRow>(STRETCH, values);
      if (rows[0]?.seq !== seq + 1 || rows.at(-1)?.seq !== seq + rows.length) return undefined;
      const events = rows.map((row) => toEvent(head, row));
      task = foldLog(events, task);
      seq += rows.length;
    }
    return task;
  }

  async #read(taskId: string, sql: string, values: unknown[]): Promise<TaskSnapshot | undefined> {
    if (!isTaskId(taskId)) return undefined;
    for (let retries = 0; retries < READ_RETRIES; retries++) {
      const [row] = await this.db.query<SnapshotRow>(sql, values);
      if (!row) return undefined;
      const head = toHead(row);
      const { snapshot_seq: seq, snapshot_doc: doc } = row;
      const task = await this.fold(head, seq !== null && doc !== null ? { seq, doc } : undefined);
      if (task) return { head, seq: head.lastSeq, task };
    }
    throw unavailable(`The log of task ${taskId} changes too fast to be read. Try again.`);
  }
}
