import { invalidParams } from '../../protocol/errors/index.js';
import type { ListTasksRequest, ListTasksResponse, Task } from '../../protocol/model/index.js';
import type { TaskScope } from '../../security/call-context.js';
import { EVENT_COLUMNS, type EventRow, KIND_CODES, toEvent } from '../event-row.js';
import { foldLog } from '../fold-log.js';
import { listFilters, listPageSize } from '../list-filters.js';
import { decodePageToken, encodePageToken } from '../page-token.js';
import { projectTask } from '../project-task.js';
import { isTaskId } from '../row-ids.js';
import type { TaskHead } from '../task-head.js';
import { toStored } from '../task-states.js';
import { contextKey, scopeKey } from './keys.js';
import type { SqlDatabase } from './sql-database.js';
import type { SqlSession, SqlValue } from './sql-session.js';
import { foldTask } from './sql-task-reader.js';
import { TASK_COLUMNS, type TaskRow, toHead } from './task-row.js';

/** Events that can change more of a task than its artifacts. */
const TAIL = `
select ${EVENT_COLUMNS} from a2a_event e
where e.task_id = ? and e.seq > ? and e.seq <= ? and e.kind <> ${KIND_CODES.artifact} order by e.seq`;

const SNAPSHOT = `select seq, doc from a2a_snapshot where task_id = ?`;

/** Pages of tasks, all of it as of one moment. */
export class SqlTaskList {
  constructor(private readonly db: SqlDatabase) {}

  async list(scope: TaskScope, query: ListTasksRequest): Promise<ListTasksResponse> {
    const pageSize = listPageSize(query);
    const projection = { historyLength: query.historyLength, includeArtifacts: query.includeArtifacts ?? false };
    const { matches, after } = conditions(scope, query);
    return this.db.view(async (session) => {
      const { rows, totalSize } = await page(session, matches, after, pageSize + 1);
      const heads = rows.slice(0, pageSize).map(toHead);
      const last = heads.at(-1);
      const tasks: Task[] = [];
      for (const head of heads) {
        const task = projection.includeArtifacts ? await foldTask(session, head) : await foldBare(session, head);
        tasks.push(projectTask(task, projection));
      }
      const nextPageToken = rows.length > pageSize && last ? encodePageToken(last, query, scope) : '';
      return { tasks, nextPageToken, pageSize, totalSize };
    });
  }
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
): Promise<{ rows: TaskRow[]; totalSize: number }> {
  const count = `select count(*) as n from a2a_task t where ${matches.sql}`;
  const [total] = await session.query<{ n: number }>(count, matches.values);
  const rows = await session.query<TaskRow>(
    `select ${TASK_COLUMNS} from a2a_task t where ${matches.sql}${after?.sql ?? ''}
     order by t.status_at desc, t.task_id desc limit ?`,
    [...matches.values, ...(after?.values ?? []), limit],
  );
  return { rows, totalSize: Number(total?.n ?? 0) };
}

/** The task without what only artifacts need; what is left of them is cut off by the projection. */
async function foldBare(session: SqlSession, head: TaskHead): Promise<Task> {
  const [snapshot] = await session.query<{ seq: number; doc: string }>(SNAPSHOT, [head.taskId]);
  const rows = await session.query<EventRow>(TAIL, [head.taskId, snapshot?.seq ?? 0, head.lastSeq]);
  return foldLog(
    rows.map((row) => toEvent(head, row)),
    snapshot && (JSON.parse(snapshot.doc) as Task),
  );
}
