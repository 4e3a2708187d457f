import type { ListTasksRequest, ListTasksResponse } from '../../protocol/model/index.js';
import type { TaskScope } from '../../security/call-context.js';
import { type ListFilters, listFilters, listPageSize } from '../list-filters.js';
import { type ListLimits, type PageSource, readPage } from '../list-page.js';
import { type PagePosition, decodePageToken, encodePageToken } from '../page-token.js';
import { bareBytes, foldTask } from './fold-task.js';
import { type StoredTask, headOf } from './stored-task.js';

/** Tasks of one scope. */
export interface TasksOfScope {
  /** All of them, in any order. */
  readonly all: Iterable<StoredTask>;
  /** undefined: it was deleted since. */
  find(taskId: string): StoredTask | undefined;
}

/**
 * One page of the caller's tasks, as `TaskStore.list` answers: newest status first; equal times by id, largest first. It looks at
 * each task, and holds no more than a page of them.
 */
export async function listTasks(
  tasks: TasksOfScope,
  query: ListTasksRequest,
  scope: TaskScope,
  limits?: ListLimits,
): Promise<ListTasksResponse> {
  const filters = listFilters(query);
  const after = decodePageToken(query, scope);
  const pageSize = listPageSize(query);
  const best = new Best(pageSize + 1);
  let totalSize = 0;
  for (const task of tasks.all) {
    if (!matches(task, filters)) continue;
    totalSize++;
    if (!after || precedes(after, task)) best.offer(task);
  }
  // Tasks may change while the page waits to be admitted; their order on the page does not.
  const heads = best.tasks.map(headOf);
  const page = await readPage(heads.slice(0, pageSize), query, source(tasks), limits);
  const last = heads[page.taken - 1];
  return {
    tasks: [...page.tasks],
    nextPageToken: last && heads.length > page.taken ? encodePageToken(last, query, scope) : '',
    pageSize,
    totalSize,
  };
}

const source = (tasks: TasksOfScope): PageSource => {
  const found = (heads: Parameters<PageSource['read']>[0]): (StoredTask | undefined)[] =>
    heads.map(({ taskId }) => tasks.find(taskId));
  return {
    measure: async (heads, { artifacts }) =>
      found(heads).map((task) => (task && !artifacts ? bareBytes(task) : undefined)),
    read: async (heads, { artifacts }) => found(heads).map((task) => task && foldTask(task, artifacts)),
  };
};

const matches = (task: StoredTask, { contextId, status, statusFrom }: ListFilters): boolean =>
  (contextId === undefined || task.contextId === contextId) &&
  (status === undefined || task.state === status) &&
  (statusFrom === undefined || task.statusAt >= statusFrom);

const precedes = (a: PagePosition, b: PagePosition): boolean =>
  a.statusAt > b.statusAt || (a.statusAt === b.statusAt && a.taskId > b.taskId);

/** Keeps the first few tasks in order, of any number of candidates. */
class Best {
  readonly tasks: StoredTask[] = [];

  constructor(private readonly size: number) {}

  offer(task: StoredTask): void {
    const { tasks } = this;
    const last = tasks.at(-1);
    if (tasks.length === this.size && last && precedes(last, task)) return;
    let [low, high] = [0, tasks.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (precedes(tasks[middle] as StoredTask, task)) low = middle + 1;
      else high = middle;
    }
    tasks.splice(low, 0, task);
    if (tasks.length > this.size) tasks.pop();
  }
}
