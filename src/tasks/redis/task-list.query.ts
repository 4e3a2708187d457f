import { invalidParams } from '../../protocol/errors/index.js';
import type { ListTasksRequest, ListTasksResponse, Task } from '../../protocol/model/index.js';
import type { TaskScope } from '../../security/call-context.js';
import { listFilters, listPageSize } from '../list-filters.js';
import { type ListLimits, type PageSource, readPage } from '../list-page.js';
import { decodePageToken, encodePageToken } from '../page-token.js';
import { isTaskId } from '../row-ids.js';
import type { TaskRecord } from '../task-record.js';
import { toStored } from '../task-states.js';
import type { RedisConnection } from './redis-connection.js';
import { BARE_BYTES, LIST } from './scripts/read.scripts.js';
import type { TaskReader } from './task-reader.js';
import { type RowReply, scopeKey, toHead } from './task-row.js';

/** Pages of tasks: one script for the page, then one for the content of each task. Artifacts are read only when requested. */
export class TaskListQuery {
  constructor(
    private readonly connection: RedisConnection,
    private readonly reader: TaskReader,
  ) {}

  async list(scope: TaskScope, query: ListTasksRequest, limits?: ListLimits): Promise<ListTasksResponse> {
    const pageSize = listPageSize(query);
    const { heads, total } = await this.#page(scope, query, pageSize + 1);
    const source: PageSource = {
      measure: (found, { artifacts }) => (artifacts ? Promise.resolve([]) : this.#bareBytes(found)),
      read: (group, { artifacts }) => Promise.all(group.map((head) => this.#task(scope, head, artifacts))),
    };
    const { tasks, taken } = await readPage(heads.slice(0, pageSize), query, source, limits);
    const last = heads[taken - 1];
    const nextPageToken = heads.length > taken && last ? encodePageToken(last, query, scope) : '';
    return { tasks: [...tasks], nextPageToken, pageSize, totalSize: total };
  }

  async #bareBytes(heads: readonly TaskRecord[]): Promise<(number | undefined)[]> {
    const found = await this.connection.run<string[]>(BARE_BYTES, ...heads.map(({ taskId }) => taskId));
    return found.map((bytes) => (bytes === '' ? undefined : Number(bytes)));
  }

  /** undefined: the task was deleted since. */
  async #task(scope: TaskScope, { taskId, lastSeq: upTo }: TaskRecord, artifacts: boolean): Promise<Task | undefined> {
    return (await this.reader.get(scope, taskId, { artifacts, upTo }))?.task;
  }

  async #page(
    scope: TaskScope,
    query: ListTasksRequest,
    limit: number,
  ): Promise<{ heads: TaskRecord[]; total: number }> {
    const { contextId = '', status, statusFrom = '' } = listFilters(query);
    const after = decodePageToken(query, scope);
    if (after && !isTaskId(after.taskId)) {
      throw invalidParams([{ field: 'pageToken', description: 'is not a token that this server gave' }]);
    }
    const last = after ? `${after.statusAt} ${after.taskId}` : '';
    const state = status ? toStored(status) : '';
    const values = [scopeKey(scope), state, contextId, statusFrom, last, limit];
    const [total, rows] = await this.connection.run<[string, RowReply[]]>(LIST, ...values);
    return { heads: rows.map(toHead), total: Number(total) };
  }
}
