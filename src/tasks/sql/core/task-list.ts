import { invalidParams } from '../../../protocol/errors/index.js';
import type { ListTasksRequest, ListTasksResponse, Task } from '../../../protocol/model/index.js';
import type { TaskScope } from '../../../security/call-context.js';
import { listFilters, listPageSize } from '../../list-filters.js';
import { type ContentWanted, type ListLimits, type PageSource, readPage } from '../../list-page.js';
import { decodePageToken, encodePageToken } from '../../page-token.js';
import { isTaskId } from '../../row-ids.js';
import type { TaskRecord } from '../../task-record.js';
import { toStored } from '../../task-states.js';
import { contextKey, scopeKey } from './keys.js';
import { type Sql, join, raw, sql, timeValue } from './sql.js';
import type { SqlDatabase } from './sql-database.interface.js';
import type { TaskContent } from './task-content.js';
import type { SqlTaskReader } from './task-reader.js';
import { TASK_COLUMNS, type SqlTaskRow, toHead } from './task-row.js';

/** The largest number that an answer can hold in every binding. */
const MOST = 2 ** 31 - 1;

type CountedRow = (SqlTaskRow | { task_id: null }) & { total: number };

export interface TaskListOptions {
  /** Up to this many matches the total is exact. Default: always. */
  readonly counted?: number;
  /** An estimate of the rows of a select, for a larger total. */
  estimate?(select: Sql): Promise<number>;
}

/** Pages of tasks: one query for the page, and some for the content of its tasks. */
export class SqlTaskList implements PageSource {
  constructor(
    private readonly db: SqlDatabase,
    private readonly reader: SqlTaskReader,
    private readonly content: TaskContent,
    private readonly options: TaskListOptions = {},
  ) {}

  async list(scope: TaskScope, query: ListTasksRequest, limits?: ListLimits): Promise<ListTasksResponse> {
    const pageSize = listPageSize(query);
    const { rows, total } = await this.#page(scope, query, pageSize + 1);
    const { tasks, taken } = await readPage(rows.slice(0, pageSize), query, this, limits);
    const last = rows[taken - 1];
    const nextPageToken = rows.length > taken && last ? encodePageToken(last, query, scope) : '';
    return { tasks: [...tasks], nextPageToken, pageSize, totalSize: total };
  }

  async measure(heads: readonly TaskRecord[], { artifacts }: ContentWanted): Promise<readonly (number | undefined)[]> {
    return artifacts ? [] : this.content.bareBytes(heads);
  }

  /** The tasks as of their records; tasks that were deleted since are left out. */
  async read(heads: readonly TaskRecord[], wanted: ContentWanted): Promise<(Task | undefined)[]> {
    // A large task is read piece by piece, except what is left of it without its artifacts.
    const alone = wanted.artifacts && heads.length === 1;
    const tasks = alone ? [undefined] : await this.content.read(heads, wanted);
    return Promise.all(heads.map((head, index) => tasks[index] ?? this.#readAlone(head)));
  }

  async #readAlone(head: TaskRecord): Promise<Task | undefined> {
    return (await this.reader.get(head, head.taskId))?.task;
  }

  async #page(
    scope: TaskScope,
    query: ListTasksRequest,
    limit: number,
  ): Promise<{ rows: TaskRecord[]; total: number }> {
    const all = matching(scope, query);
    const after = position(scope, query);
    const { counted, estimate } = this.options;
    const upTo = counted === undefined ? raw('') : sql`limit ${counted + 1}`;
    const rows = await this.db.query<CountedRow>(pageOf(all, after, limit, upTo));
    const found = rows.filter((row): row is SqlTaskRow & { total: number } => row.task_id !== null);
    const total = Number(rows[0]?.total ?? 0);
    if (counted === undefined || total <= counted || !estimate) return { rows: found.map(toHead), total };
    const estimated = await estimate(sql`select 1 from a2a_task t where ${all}`);
    return { rows: found.map(toHead), total: Math.min(Math.max(total, estimated), MOST) };
  }
}

function matching(scope: TaskScope, query: ListTasksRequest): Sql {
  const { contextId, status, statusFrom } = listFilters(query);
  const all = [sql`t.scope = ${scopeKey(scope)}`];
  if (contextId !== undefined) all.push(sql`t.context_key = ${contextKey(contextId)}`);
  if (status !== undefined) all.push(sql`t.state = ${toStored(status)}`);
  if (statusFrom !== undefined) all.push(sql`t.status_at >= ${timeValue(statusFrom)}`);
  return join(all, ' and ');
}

/** Behind the position of the page token. */
function position(scope: TaskScope, query: ListTasksRequest): Sql {
  const place = decodePageToken(query, scope);
  if (!place) return raw('');
  if (!isTaskId(place.taskId)) {
    throw invalidParams([{ field: 'pageToken', description: 'is not a token that this server gave' }]);
  }
  const time = timeValue(place.statusAt);
  return sql`and t.status_at <= ${time} and (t.status_at < ${time} or t.task_id < ${place.taskId})`;
}

/** The number of matches with the rows of the page. An empty page has one row without a task. */
const pageOf = (all: Sql, after: Sql, limit: number, upTo: Sql): Sql => sql`
select total.n as total, page.*
from (select count(*) as n from (select 1 as one from a2a_task t where ${all} ${upTo}) counted) total
left join (
  select ${TASK_COLUMNS} from a2a_task t where ${all} ${after}
  order by t.status_at desc, t.task_id desc limit ${limit}
) page on 1 = 1
order by page.status_at desc, page.task_id desc`;
