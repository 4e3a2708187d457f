import { invalidParams } from '../../protocol/errors/index.js';
import type { ListTasksRequest, ListTasksResponse, Task } from '../../protocol/model/index.js';
import type { TaskScope } from '../../security/call-context.js';
import { listFilters, listPageSize } from '../list-filters.js';
import { decodePageToken, encodePageToken } from '../page-token.js';
import { projectTask } from '../project-task.js';
import { isTaskId } from '../row-ids.js';
import { readTogether } from '../read-together.js';
import type { TaskHead } from '../task-head.js';
import { toStored } from '../task-states.js';
import type { RedisConnection } from './redis-connection.js';
import { LIST } from './scripts/read.scripts.js';
import type { TaskReader } from './task-reader.js';
import { type RowReply, scopeKey, toHead } from './task-row.js';

/** Pages of tasks: one script for the page, then one for the content of each task. Artifacts are read when they are asked for. */
export class TaskListQuery {
  constructor(
    private readonly connection: RedisConnection,
    private readonly reader: TaskReader,
  ) {}

  async list(scope: TaskScope, query: ListTasksRequest): Promise<ListTasksResponse> {
    const pageSize = listPageSize(query);
    const { heads, total } = await this.#page(scope, query, pageSize + 1);
    const shown = heads.slice(0, pageSize);
    const last = shown.at(-1);
    const nextPageToken = heads.length > pageSize && last ? encodePageToken(last, query, scope) : '';
    const projection = { historyLength: query.historyLength, includeArtifacts: query.includeArtifacts ?? false };
    const tasks: Task[] = [];
    for (const group of readTogether(shown)) {
      const artifacts = projection.includeArtifacts;
      // One that was deleted since is left out.
      const read = await Promise.all(
        group.map(({ taskId, lastSeq: upTo }) => this.reader.get(scope, taskId, { artifacts, upTo })),
      );
      tasks.push(...read.filter((found) => found !== undefined).map(({ task }) => projectTask(task, projection)));
    }
    return { tasks, nextPageToken, pageSize, totalSize: total };
  }

  async #page(scope: TaskScope, query: ListTasksRequest, limit: number): Promise<{ heads: TaskHead[]; total: number }> {
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
