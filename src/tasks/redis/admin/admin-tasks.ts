import { adminPageSize, decodeCursor, encodeCursor, listOf } from '../../admin/admin-cursor.js';
import type { AdminTaskRow } from '../../admin/admin-rows.js';
import type { AdminPage, AdminPageQuery, AdminTaskFilter } from '../../admin/admin-store.interface.js';
import { matches } from '../../admin/matches-filter.js';
import { isTaskId } from '../../row-ids.js';
import type { NewestTasks } from './newest-tasks.js';

/** A page of tasks. It reads at most READ_TASKS tasks: then it is shorter, and the next one goes on from there. */
export async function adminTasks(
  newest: NewestTasks,
  filter: AdminTaskFilter,
  page: AdminPageQuery = {},
): Promise<AdminPage<AdminTaskRow>> {
  const list = listOf('tasks', filter);
  const size = adminPageSize(page);
  const [after] = decodeCursor(page, list, [isTaskId]) ?? [];
  const rows: AdminTaskRow[] = [];
  let last: string | undefined;
  for await (const { tasks, reached } of newest.from(after)) {
    rows.push(...tasks.map(({ row }) => row).filter((row) => fits(row, filter)));
    last = rows.length > size ? rows[size - 1]?.id : reached;
    if (rows.length > size) break;
  }
  return { rows: rows.slice(0, size), ...(last !== undefined && { next: encodeCursor([last], list) }) };
}

function fits(row: AdminTaskRow, filter: AdminTaskFilter): boolean {
  const { createdAt, notBefore, reason = '' } = row;
  const times = {
    createdAt: Date.parse(createdAt),
    notBefore: notBefore === undefined ? undefined : Date.parse(notBefore),
  };
  const wanted = filter.reason?.toLowerCase() ?? '';
  return matches({ ...row, ...times }, filter) && reason.toLowerCase().includes(wanted);
}
