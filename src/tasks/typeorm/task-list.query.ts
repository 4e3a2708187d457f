import { invalidParams } from '../../protocol/errors/index.js';
import type { ListTasksRequest, ListTasksResponse, Task } from '../../protocol/model/index.js';
import type { TaskScope } from '../../security/call-context.js';
import { listFilters, listPageSize } from '../list-filters.js';
import { type ContentWanted, type ListLimits, type PageSource, readPage } from '../list-page.js';
import { decodePageToken, encodePageToken } from '../page-token.js';
import type { TaskRecord } from '../task-record.js';
import type { Database } from './database.js';
import { bareBytes, taskContent } from './task-content.query.js';
import type { TaskReader } from './task-reader.js';
import { TASK_COLUMNS, type PostgresTaskRow, isTaskId, toHead } from './task-row.js';
import { toStored } from '../task-states.js';

const MATCHES = `t.tenant = $1 and t.owner = $2 and t.agent = $3
  and ($4::text is null or t.context_id = $4)
  and ($5::text is null or t.state = $5)
  and ($6::timestamptz is null or t.status_at >= $6)`;

/** Up to this many matches are counted. A larger number is estimated, because an exact count takes longer the more matches there are. */
export const COUNTED = 10_000;

/**
 * The number of matches, at most one more than the limit of the count, with the rows of the page. An empty page has one row
 * without a task.
 */
const PAGE = `
select total.n::int as total, page.*
from (select count(*) as n from (select from a2a_task t where ${MATCHES} limit $10) as counted) as total
left join (
  select ${TASK_COLUMNS} from a2a_task t
  where ${MATCHES} and ($7::timestamptz is null or (t.status_at, t.task_id) < ($7, $8::uuid))
  order by t.status_at desc, t.task_id desc
  limit $9
) as page on true
order by page.status_at desc, page.task_id desc`;

const ESTIMATE = `explain (format json) select from a2a_task t where ${MATCHES}`;

/** The largest number that an answer can hold in every binding. */
const MOST = 2 ** 31 - 1;

type Plans = readonly { readonly Plan: { readonly 'Plan Rows': number } }[];

/**
 * Pages of tasks: one query for the page, and two for the content of all its tasks (more when they are large). Artifacts are read
 * only when requested; the history is read unless the caller wants none of it.
 */
export class TaskListQuery implements PageSource {
  /** `counted`: up to this many matches the total is exact. */
  constructor(
    private readonly db: Database,
    private readonly reader: TaskReader,
    private readonly counted = COUNTED,
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
    return artifacts ? [] : bareBytes(this.db, heads);
  }

  async #page(
    scope: TaskScope,
    query: ListTasksRequest,
    limit: number,
  ): Promise<{ rows: TaskRecord[]; total: number }> {
    const { contextId, status, statusFrom } = listFilters(query);
    const position = decodePageToken(query, scope);
    if (position && !isTaskId(position.taskId)) {
      throw invalidParams([{ field: 'pageToken', description: 'is not a token that this server gave' }]);
    }
    const { tenant, owner, agent } = scope;
    const filters = [tenant, owner, agent, contextId, status && toStored(status), statusFrom];
    const rows = await this.db.query<(PostgresTaskRow | { task_id: null }) & { total: number }>(PAGE, [
      ...filters,
      position?.statusAt,
      position?.taskId,
      limit,
      this.counted + 1,
    ]);
    const found = rows.filter((row): row is PostgresTaskRow & { total: number } => row.task_id !== null);
    const total = rows[0]?.total ?? 0;
    return { rows: found.map(toHead), total: total > this.counted ? await this.#estimate(filters, total) : total };
  }

  /** The planner's estimate, but never less than `least`, which is already known. */
  async #estimate(filters: readonly unknown[], least: number): Promise<number> {
    const [row] = await this.db.query<{ 'QUERY PLAN': string }>(ESTIMATE, [...filters]);
    const [plan] = JSON.parse(row?.['QUERY PLAN'] ?? '[]') as Plans;
    return Math.min(Math.max(least, Math.round(plan?.Plan['Plan Rows'] ?? 0)), MOST);
  }

  /** The tasks as of their records; tasks that were deleted since are left out. */
  async read(heads: readonly TaskRecord[], wanted: ContentWanted): Promise<(Task | undefined)[]> {
    // A large task is read piece by piece, except what is left of it without its artifacts.
    const alone = wanted.artifacts && heads.length === 1;
    const tasks = alone ? [undefined] : await taskContent(this.db, heads, wanted);
    return Promise.all(heads.map((head, index) => tasks[index] ?? this.#readAlone(head)));
  }

  async #readAlone(head: TaskRecord): Promise<Task | undefined> {
    return (await this.reader.get(head, head.taskId))?.task;
  }
}
