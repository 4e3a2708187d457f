import type { Task } from '../../../protocol/model/index.js';
import { EVENT_COLUMNS, type EventRow, KIND_CODES, toEvent } from '../../event-row.js';
import { foldLog } from '../../fold-log.js';
import type { ContentWanted } from '../../list-page.js';
import type { TaskRecord } from '../../task-record.js';
import { raw, sql } from './sql.js';
import type { SqlDatabase } from './sql-database.interface.js';

/** Reads the content of the tasks of a page. */
export interface TaskContent {
  /** Upper bounds for these tasks without their artifacts, in their order, in bytes. */
  bareBytes(heads: readonly TaskRecord[]): Promise<number[]>;
  /**
   * The tasks as of their records, without what only unwanted parts need, as far as possible; the caller removes the rest.
   * undefined: it is to be read alone.
   */
  read(heads: readonly TaskRecord[], wanted: ContentWanted): Promise<(Task | undefined)[]>;
}

/**
 * Task by task, without the events that concern only artifacts; snapshots are read whole. With artifacts all tasks are read alone.
 */
export class SqlTaskContent implements TaskContent {
  constructor(private readonly db: SqlDatabase) {}

  bareBytes(heads: readonly TaskRecord[]): Promise<number[]> {
    return eachOf(heads, async ({ taskId, lastSeq }) => {
      const [row] = await this.db.query<{ snapshot: number; tail: number }>(sql`
        select coalesce(s.size, 0) as snapshot, (
          select coalesce(sum(e.bytes), 0) from a2a_event e
          where e.task_id = ${taskId} and e.seq > coalesce(s.seq, 0) and e.seq <= ${lastSeq} and e.kind <> ${KIND_CODES.artifact}
        ) as tail
        from a2a_task t left join a2a_snapshot s on s.task_id = t.task_id where t.task_id = ${taskId}`);
      return Number(row?.snapshot ?? 0) + Number(row?.tail ?? 0);
    });
  }

  async read(heads: readonly TaskRecord[], { artifacts }: ContentWanted): Promise<(Task | undefined)[]> {
    return artifacts ? heads.map(() => undefined) : eachOf(heads, (head) => this.#readBare(head));
  }

  async #readBare(head: TaskRecord): Promise<Task | undefined> {
    const { taskId, lastSeq } = head;
    const [snapshot] = await this.db.query<{ seq: number; doc: string }>(
      sql`select seq, doc from a2a_snapshot where task_id = ${taskId}`,
    );
    const after = snapshot?.seq ?? 0;
    const range = sql`task_id = ${taskId} and seq > ${after} and seq <= ${lastSeq}`;
    const rows = await this.db.query<{ stretch: number } & (EventRow | { seq: null })>(sql`
      select c.stretch, ${raw(EVENT_COLUMNS)} from (select count(*) as stretch from a2a_event where ${range}) c
      left join (select * from a2a_event where ${range} and kind <> ${KIND_CODES.artifact}) e on 1 = 1
      order by e.seq`);
    if (Number(rows[0]?.stretch) !== lastSeq - after) return undefined;
    const events = rows.flatMap((row) => (row.seq === null ? [] : [toEvent(head, row)]));
    return foldLog(events, snapshot && (JSON.parse(snapshot.doc) as Task));
  }
}

async function eachOf<T>(heads: readonly TaskRecord[], read: (head: TaskRecord) => Promise<T>): Promise<T[]> {
  const all: T[] = [];
  for (const head of heads) all.push(await read(head));
  return all;
}
