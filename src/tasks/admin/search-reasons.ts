import { isTaskId } from '../row-ids.js';
import { adminPageSize, decodeCursor, encodeCursor, listOf } from './admin-cursor.js';
import type { AdminTaskRow } from './admin-rows.js';
import { type AdminPage, type AdminPageQuery, type AdminTaskFilter, SEARCHED_TASKS } from './admin-store.interface.js';

/** How many rows are read at a time. */
const READ_ROWS = 1000;

/** Reads rows that match the rest of the filter, newest first, after a task. */
export type ReadTasks = (after: string | undefined, limit: number) => Promise<readonly AdminTaskRow[]>;

const isCount = (text: string): boolean => /^\d{1,6}$/.test(text);

/** A page of the tasks whose reason contains the text of the filter, in any case. The cursor counts the tasks that were read. */
export async function searchReasons(
  filter: AdminTaskFilter,
  page: AdminPageQuery,
  read: ReadTasks,
): Promise<AdminPage<AdminTaskRow>> {
  const list = listOf('tasks', filter);
  const [size, text] = [adminPageSize(page), (filter.reason ?? '').toLowerCase()];
  const [start, count = '0'] = decodeCursor(page, list, [isTaskId, isCount]) ?? [];
  const found: { readonly row: AdminTaskRow; readonly seen: number }[] = [];
  let [after, seen] = [start, Number(count)];
  while (found.length <= size && seen < SEARCHED_TASKS) {
    const limit = Math.min(READ_ROWS, SEARCHED_TASKS - seen);
    const rows = await read(after, limit);
    for (const row of rows) {
      seen++;
      if (row.reason?.toLowerCase().includes(text)) found.push({ row, seen });
    }
    after = rows.at(-1)?.id;
    if (rows.length < limit) break;
  }
  const last = found.length > size ? found[size - 1] : undefined;
  return {
    rows: found.slice(0, size).map(({ row }) => row),
    ...(last && { next: encodeCursor([last.row.id, String(last.seen)], list) }),
  };
}
