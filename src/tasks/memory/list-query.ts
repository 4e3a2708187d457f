import type { ListTasksRequest, ListTasksResponse } from '../../protocol/model/index.js';
import type { TaskScope } from '../../security/call-context.js';
import { type ListFilters, listFilters, listPageSize } from '../list-filters.js';
import { decodePageToken, encodePageToken, type PagePosition } from '../page-token.js';
import { type ListLimits, type PageSource, readPage } from '../list-page.js';
import type { MemoryTables } from './memory-tables.js';
import { bareBytes, foldRow, headOf, type MemoryRow } from './memory-row.js';

/** One page of the caller's rows: newest status first; equal times by id, largest first. */
export async function listRows(
  tables: MemoryTables,
  query: ListTasksRequest,
  scope: TaskScope,
  limits?: ListLimits,
): Promise<ListTasksResponse> {
  const filters = listFilters(query);
  const after = decodePageToken(query, scope);
  const pageSize = listPageSize(query);
  const best = new Best(pageSize + 1);
  let totalSize = 0;
  for (const row of tables.rowsOf(scope)) {
    if (!matches(row, filters)) continue;
    totalSize++;
    if (!after || precedes(after, row)) best.offer(row);
  }
  // Rows may change while the page waits to be admitted; their order on the page does not.
  const heads = best.rows.map(headOf);
  const { tasks, taken } = await readPage(heads.slice(0, pageSize), query, source(tables, scope), limits);
  const last = heads[taken - 1];
  return {
    tasks: [...tasks],
    nextPageToken: last && heads.length > taken ? encodePageToken(last, query, scope) : '',
    pageSize,
    totalSize,
  };
}

const source = (tables: MemoryTables, scope: TaskScope): PageSource => {
  const rowsOf = (heads: Parameters<PageSource['read']>[0]): (MemoryRow | undefined)[] =>
    heads.map(({ taskId }) => tables.row(scope, taskId));
  return {
    measure: async (heads, { artifacts }) =>
      rowsOf(heads).map((row) => (row && !artifacts ? bareBytes(row) : undefined)),
    read: async (heads, { artifacts }) => rowsOf(heads).map((row) => row && foldRow(row, artifacts)),
  };
};

const matches = (row: MemoryRow, { contextId, status, statusFrom }: ListFilters): boolean =>
  (contextId === undefined || row.contextId === contextId) &&
  (status === undefined || row.state === status) &&
  (statusFrom === undefined || row.statusAt >= statusFrom);

const precedes = (a: PagePosition, b: PagePosition): boolean =>
  a.statusAt > b.statusAt || (a.statusAt === b.statusAt && a.taskId > b.taskId);

/** Keeps the first few rows in order, of any number of candidates. */
class Best {
  readonly rows: MemoryRow[] = [];

  constructor(private readonly size: number) {}

  offer(row: MemoryRow): void {
    const { rows } = this;
    const last = rows.at(-1);
    if (rows.length === this.size && last && precedes(last, row)) return;
    let [low, high] = [0, rows.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (precedes(rows[middle] as MemoryRow, row)) low = middle + 1;
      else high = middle;
    }
    rows.splice(low, 0, row);
    if (rows.length > this.size) rows.pop();
  }
}
