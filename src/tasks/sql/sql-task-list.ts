import { invalidParams } from '../../protocol/errors/index.js';
import type { ListTasksRequest, ListTasksResponse, Task } from '../../protocol/model/index.js';
import type { TaskScope } from '../../security/call-context.js';
import { EVENT_COLUMNS, type EventRow, KIND_CODES, toEvent } from '../event-row.js';
import { foldLog } from '../fold-log.js';
import { type ListLimits, type PageSource, readPage } from '../list-page.js';
import { listFilters, listPageSize } from '../list-filters.js';
import { decodePageToken, encodePageToken } from '../page-token.js';
import { isTaskId } from '../row-ids.js';
import type { TaskRecord } from '../task-record.js';
import { toStored } from '../task-states.js';
import { contextKey, scopeKey } from './keys.js';
import type { SqlDatabase } from './sql-database.js';
import type { SqlSession, SqlValue } from './sql-session.js';
import { foldTask } from './sql-task-reader.js';
import { TASK_COLUMNS, type SqlTaskRow, toHead } from './task-row.js';

/** Events that can change more of a task than its artifacts. */
const TAIL = `
select ${EVENT_COLUMNS} from a2a_event e
where e.task_id = ? and e.seq > ? and e.seq <= ? and e.kind <> ${KIND_CODES.artifact} order by e.seq`;

const BARE_BYTES = `
select sum(e.bytes) as bytes from a2a_event e
where e.task_id = ? and e.seq > ? and e.seq <= ? and e.kind <> ${KIND_CODES.artifact}`;

const SNAPSHOT_SIZE = `select seq, size from a2a_snapshot where task_id = ?`;

const SNAPSHOT = `select seq, doc from a2a_snapshot where task_id = ?`;

/** Pages of tasks; all tasks of a page are read as of one moment. */
export class SqlTaskList {
  constructor(private readonly db: SqlDatabase) {}

  async list(scope: TaskScope, query: ListTasksRequest, limits?: ListLimits): Promise<ListTasksResponse> {
    const pageSize = listPageSize(query);
    const { matches, after } = conditions(scope, query);
    const { rows, totalSize } = await this.db.view((session) => page(session, matches, after, pageSize + 1));
    const heads = rows.map(toHead);
    const { tasks, taken } = await readPage(heads.slice(0, pageSize), query, this.#source, limits);
    const last = heads[taken - 1];
    const nextPageToken = heads.length > taken && last ? encodePageToken(last, query, scope) : '';
    return { tasks: [...tasks], nextPageToken, pageSize, totalSize };
  }

  // No view is open while a page waits to be admitted: it would hold a connection that the admitted ones may need.
  readonly #source: PageSource = {
    measure: async (heads, { artifacts }) =>
      artifacts ? [] : this.db.view((session) => eachOf(heads, (head) => bareBytes(session, head))),
    read: (heads, { artifacts }) =>
      this.db.view((session) => eachOf(heads, (head) => present(session, head, artifacts ? foldTask : foldBare))),
  };
}

async function eachOf<T>(heads: readonly TaskRecord[], read: (head: TaskRecord) => Promise<T>): Promise<T[]> {
  const all: T[] = [];
  for (const head of heads) all.push(await read(head));
  return all;
}

const PRESENT = `select ${TASK_COLUMNS} from a2a_task t where t.task_id = ?`;

/** The task as of this view, unless it was deleted. */
async function present(
  session: SqlSession,
  { taskId }: TaskRecord,
  fold: (session: SqlSession, head: TaskRecord) => Promise<Task>,
): Promise<Task | undefined> {
  const [row] = await session.query<SqlTaskRow>(PRESENT, [taskId]);
  return row && fold(session, toHead(row));
}

async function bareBytes(session: SqlSession, { taskId, lastSeq }: TaskRecord): Promise<number> {
  const [snapshot] = await session.query<{ seq: number; size: number }>(SNAPSHOT_SIZE, [taskId]);
  const [tail] = await session.query<{ bytes: number | null }>(BARE_BYTES, [taskId, snapshot?.seq ?? 0, lastSeq]);
  return (snapshot?.size ?? 0) + Number(tail?.bytes ?? 0);
}

interface Condition {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

function conditions(scope: TaskScope, query: ListTasksRequest): { matches: Condition; after?: Condition } {
  const { contextId, status, statusFrom } = listFilters(query);
  const all: [string, SqlValue][] = [
    ['t.scope = ?', scopeKey(scope)],
    ...(contextId === undefined ? [] : [['t.context_key = ?', contextKey(contextId)] as [string, SqlValue]]),
    ...(status === undefined ? [] : [['t.state = ?', toStored(status)] as [string, SqlValue]]),
    ...(statusFrom === undefined ? [] : [['t.status_at >= ?', Date.parse(statusFrom)] as [string, SqlValue]]),
  ];
  const matches = { sql: all.map(([sql]) => sql).join(' and '), values: all.map(([, value]) => value) };
  const position = decodePageToken(query, scope);
  if (!position) return { matches };
  if (!isTaskId(position.taskId)) {
    throw invalidParams([{ field: 'pageToken', description: 'is not a token that this server gave' }]);
  }
  const time = Date.parse(position.statusAt);
  const sql = ' and t.status_at <= ? and (t.status_at < ? or t.task_id < ?)';
  return { matches, after: { sql, values: [time, time, position.taskId] } };
}

async function page(
  session: SqlSession,
  matches: Condition,
  after: Condition | undefined,
  limit: number,
): Promise<{ rows: SqlTaskRow[]; totalSize: number }> {
  const count = `select count(*) as n from a2a_task t where ${matches.sql}`;
  const [total] = await session.query<{ n: number }>(count, matches.values);
  const rows = await session.query<SqlTaskRow>(
    `select ${TASK_COLUMNS} from a2a_task t where ${matches.sql}${after?.sql ?? ''}
     order by t.status_at desc, t.task_id desc limit ?`,
    [...matches.values, ...(after?.values ?? []), limit],
  );
  return { rows, totalSize: Number(total?.n ?? 0) };
}

/** The task without what only artifacts need. The projection removes the rest of them. */
async function foldBare(session: SqlSession, head: TaskRecord): Promise<Task> {
  const [snapshot] = await session.query<{ seq: number; doc: string }>(SNAPSHOT, [head.taskId]);
  const rows = await session.query<EventRow>(TAIL, [head.taskId, snapshot?.seq ?? 0, head.lastSeq]);
  return foldLog(
    rows.map((row) => toEvent(head, row)),
    snapshot && (JSON.parse(snapshot.doc) as Task),
  );
}
