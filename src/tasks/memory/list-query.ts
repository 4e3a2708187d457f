import type { ListTasksRequest, ListTasksResponse } from '../../protocol/model/index.js';
import type { TaskScope } from '../../security/call-context.js';
import { type ListFilters, listFilters, listPageSize } from '../list-filters.js';
import { decodePageToken, encodePageToken, type PagePosition } from '../page-token.js';
import { projectTask } from '../project-task.js';
import { foldRow, type TaskRow } from './task-row.js';

/** One page of `rows`: newest status first, equal times by id, largest first. */
export function listRows(rows: Iterable<TaskRow>, query: ListTasksRequest, scope: TaskScope): ListTasksResponse {
  const filters = listFilters(query);
  const after = decodePageToken(query, scope);
  const pageSize = listPageSize(query);
  const best = new Best(pageSize + 1);
  let totalSize = 0;
  for (const row of rows) {
    if (!matches(row, filters)) continue;
    totalSize++;
    if (!after || precedes(after, row)) best.offer(row);
  }
  const page = best.rows.slice(0, pageSize);
  const last = page.at(-1);
  const { historyLength, includeArtifacts = false } = query;
  return {
    tasks: page.map((row) => projectTask(foldRow(row, includeArtifacts), { historyLength, includeArtifacts })),
    nextPageToken: last && best.rows.length > pageSize ? encodePageToken(last, query, scope) : '',
    pageSize,
    totalSize,
  };
}

const matches = (row: TaskRow, { contextId, status, statusFrom }: ListFilters): boolean =>
  (contextId === undefined || row.contextId === contextId) &&
  (status === undefined || row.state === status) &&
  (statusFrom === undefined || row.statusAt >= statusFrom);

const precedes = (a: PagePosition, b: PagePosition): boolean =>
  a.statusAt > b.statusAt || (a.statusAt === b.statusAt && a.taskId > b.taskId);

/** The first few rows in order, of as many as are offered. */
class Best {
  readonly rows: TaskRow[] = [];

  constructor(private readonly size: number) {}

  offer(row: TaskRow): void {
    const { rows } = this;
    const last = rows.at(-1);
    if (rows.length === this.size && last && precedes(last, row)) return;
    let [low, high] = [0, rows.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (precedes(rows[middle] as TaskRow, row)) low = middle + 1;
      else high = middle;
    }
    rows.splice(low, 0, row);
    if (rows.length > this.size) rows.pop();
  }
}
