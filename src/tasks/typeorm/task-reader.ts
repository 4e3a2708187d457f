import type { Task } from '../../protocol/model/index.js';
import type { TaskScope } from '../../security/call-context.js';
import { foldLog } from '../fold-log.js';
import { type OpenTask, wholeTask } from '../open-task.js';
import type { TaskRecord, TaskSnapshot } from '../task-record.js';
import type { Database } from './database.js';
import { EVENT_COLUMNS, type EventRow, toEvent } from '../event-row.js';
import { IN_SCOPE, TASK_COLUMNS, type PostgresTaskRow, isTaskId, scoped, toHead } from './task-row.js';

/** A stored snapshot: the fold of the events 1 … seq. */
export interface StoredSnapshot {
  readonly seq: number;
  readonly doc: string;
}

const HEAD = `select ${TASK_COLUMNS} from a2a_task t where ${IN_SCOPE}`;

/** Tasks up to this many bytes are read together with the text of their snapshot; larger tasks read it with their content. */
const SMALL_BYTES = 256 * 1024;
const WITH_SNAPSHOT = `
select ${TASK_COLUMNS}, s.seq as snapshot_seq, case when t.bytes <= ${SMALL_BYTES} then s.doc end as snapshot_doc
from a2a_task t left join a2a_snapshot s on s.task_id = t.task_id`;

const SNAPSHOT = `select seq as snapshot_seq, doc as snapshot_doc from a2a_snapshot where task_id = $1::uuid`;

/** At most $4 events and, after the first, only those with fewer than $5 bytes before them. */
const STRETCH = `
select ${EVENT_COLUMNS} from (
  select *, sum(bytes) over (order by seq) - bytes as before
  from (select * from a2a_event where task_id = $1::uuid and seq > $2 and seq <= $3 order by seq limit $4) as stretch
) as e
where before < $5
order by seq`;

const STRETCH_EVENTS = 2048;
const STRETCH_BYTES = 4 * 1024 * 1024;

interface Snapshot {
  snapshot_seq: number | null;
  snapshot_doc: string | null;
}

/** Reads a task as the fold of a snapshot and the events after it. */
export class TaskReader {
  constructor(private readonly db: Database) {}

  async head(scope: TaskScope, taskId: string): Promise<TaskRecord | undefined> {
    if (!isTaskId(taskId)) return undefined;
    const [row] = await this.db.query<PostgresTaskRow>(HEAD, scoped(scope, taskId));
    return row && toHead(row);
  }

  open(scope: TaskScope, taskId: string): Promise<OpenTask | undefined> {
    return this.#open(taskId, `${WITH_SNAPSHOT} where ${IN_SCOPE}`, scoped(scope, taskId));
  }

  get(scope: TaskScope, taskId: string): Promise<TaskSnapshot | undefined> {
    return wholeTask(taskId, () => this.open(scope, taskId));
  }

  /** Of any owner; not for clients. */
  getUnscoped(taskId: string): Promise<TaskSnapshot | undefined> {
    const sql = `${WITH_SNAPSHOT} where t.task_id = $1::uuid`;
    return wholeTask(taskId, () => this.#open(taskId, sql, [taskId]));
  }

  /**
   * The task as of the record's last_seq, whatever is appended meanwhile. undefined: the log does not cover the range from the
   * snapshot to there, because it was trimmed or deleted since.
   */
  async fold(head: TaskRecord, snapshot?: StoredSnapshot): Promise<Task | undefined> {
    if (snapshot && snapshot.seq > head.lastSeq) return undefined;
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

  async #open(taskId: string, sql: string, values: unknown[]): Promise<OpenTask | undefined> {
    if (!isTaskId(taskId)) return undefined;
    const [row] = await this.db.query<PostgresTaskRow & Snapshot>(sql, values);
    if (!row) return undefined;
    const head = toHead(row);
    return { head, read: async () => this.fold(head, await this.#snapshot(taskId, row)) };
  }

  async #snapshot(taskId: string, known: Snapshot): Promise<StoredSnapshot | undefined> {
    if (known.snapshot_seq === null) return undefined;
    const { snapshot_seq: seq, snapshot_doc: doc } =
      known.snapshot_doc === null ? ((await this.db.query<Snapshot>(SNAPSHOT, [taskId]))[0] ?? known) : known;
    return seq === null || doc === null ? undefined : { seq, doc };
  }
}
