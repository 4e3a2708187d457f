import type { Task } from '../../../protocol/model/index.js';
import type { TaskScope } from '../../../security/call-context.js';
import { EVENT_COLUMNS, type EventRow, toEvent } from '../../event-row.js';
import { foldLog } from '../../fold-log.js';
import { type OpenTask, wholeTask } from '../../open-task.js';
import { isTaskId } from '../../row-ids.js';
import type { TaskRecord, TaskSnapshot } from '../../task-record.js';
import { type Sql, raw, sql } from './sql.js';
import type { SqlDatabase } from './sql-database.interface.js';
import { TASK_COLUMNS, type SqlTaskRow, inScope, toHead } from './task-row.js';

/** Tasks up to this many bytes are read together with the text of their snapshot; larger tasks read it with their content. */
const SMALL_BYTES = 256 * 1024;
const WITH_SNAPSHOT = sql`
select ${TASK_COLUMNS}, s.seq as snapshot_seq, case when t.bytes <= ${SMALL_BYTES} then s.doc end as snapshot_doc
from a2a_task t left join a2a_snapshot s on s.task_id = t.task_id`;

/** The most events that one statement reads, and the bytes after which it stops. */
const STRETCH_EVENTS = 2048;
const STRETCH_BYTES = 4 * 1024 * 1024;

interface Snapshot {
  snapshot_seq: number | null;
  snapshot_doc: string | null;
}

interface StoredSnapshot {
  readonly seq: number;
  readonly doc: string;
}

/** Reads a task as the fold of a snapshot and the events after it. */
export class SqlTaskReader {
  constructor(private readonly db: SqlDatabase) {}

  async head(scope: TaskScope, taskId: string): Promise<TaskRecord | undefined> {
    if (!isTaskId(taskId)) return undefined;
    const [row] = await this.db.query<SqlTaskRow>(
      sql`select ${TASK_COLUMNS} from a2a_task t where ${inScope(scope, taskId)}`,
    );
    return row && toHead(row);
  }

  async open(scope: TaskScope, taskId: string): Promise<OpenTask | undefined> {
    return isTaskId(taskId) ? this.#open(taskId, inScope(scope, taskId)) : undefined;
  }

  get(scope: TaskScope, taskId: string): Promise<TaskSnapshot | undefined> {
    return wholeTask(taskId, () => this.open(scope, taskId));
  }

  /** Of any owner; not for clients. */
  getUnscoped(taskId: string): Promise<TaskSnapshot | undefined> {
    return wholeTask(taskId, () => this.#open(taskId, sql`t.task_id = ${taskId}`));
  }

  async #open(taskId: string, which: Sql): Promise<OpenTask | undefined> {
    const [row] = await this.db.query<SqlTaskRow & Snapshot>(sql`${WITH_SNAPSHOT} where ${which}`);
    if (!row) return undefined;
    const head = toHead(row);
    return { head, read: async () => this.#fold(head, await this.#snapshot(taskId, row)) };
  }

  async #snapshot(taskId: string, known: Snapshot): Promise<StoredSnapshot | undefined> {
    if (known.snapshot_seq === null) return undefined;
    const statement = sql`select seq as snapshot_seq, doc as snapshot_doc from a2a_snapshot where task_id = ${taskId}`;
    const { snapshot_seq: seq, snapshot_doc: doc } =
      known.snapshot_doc === null ? ((await this.db.query<Snapshot>(statement))[0] ?? known) : known;
    return seq === null || doc === null ? undefined : { seq, doc };
  }

  /**
   * The task as of the record's last_seq, whatever is appended meanwhile. undefined: the log does not cover the range from the
   * snapshot to there, because it was trimmed or deleted since.
   */
  async #fold(head: TaskRecord, snapshot?: StoredSnapshot): Promise<Task | undefined> {
    if (snapshot && snapshot.seq > head.lastSeq) return undefined;
    let task = snapshot && (JSON.parse(snapshot.doc) as Task);
    for (let seq = snapshot?.seq ?? 0; seq < head.lastSeq;) {
      const rows = await this.db.query<EventRow>(stretch(head, seq));
      if (rows[0]?.seq !== seq + 1 || rows.at(-1)?.seq !== seq + rows.length) return undefined;
      const events = rows.map((row) => toEvent(head, row));
      task = foldLog(events, task);
      seq += rows.length;
    }
    return task;
  }
}

/** The events after a seq. Only a large task is asked for their sizes first. */
function stretch({ taskId, lastSeq, bytes }: TaskRecord, after: number): Sql {
  const range = { taskId, after, upTo: lastSeq, limit: STRETCH_EVENTS };
  if (bytes > STRETCH_BYTES) return sizedStretch({ ...range, maxBytes: STRETCH_BYTES });
  return sql`
select ${raw(EVENT_COLUMNS)} from a2a_event e
where e.task_id = ${taskId} and e.seq > ${after} and e.seq <= ${lastSeq} order by e.seq limit ${STRETCH_EVENTS}`;
}

export interface Stretch {
  readonly taskId: string;
  readonly after: number;
  readonly upTo?: number;
  /** The most events. */
  readonly limit: number;
  /** After the first, only events that have fewer bytes before them. */
  readonly maxBytes: number;
}

/** Sizes are summed up apart from the content, which a database would copy. */
export const sizedStretch = (
  { taskId, after, upTo, limit, maxBytes }: Stretch,
  columns: string = EVENT_COLUMNS,
): Sql => sql`
select ${raw(columns)} from (
  select sized.seq, sum(sized.bytes) over (order by sized.seq) - sized.bytes as before_it from (
    select seq, bytes from a2a_event
    where task_id = ${taskId} and seq > ${after} ${upTo === undefined ? raw('') : sql`and seq <= ${upTo}`} order by seq limit ${limit}
  ) as sized
) as place join a2a_event e on e.task_id = ${taskId} and e.seq = place.seq
where place.before_it < ${maxBytes}
order by e.seq`;
