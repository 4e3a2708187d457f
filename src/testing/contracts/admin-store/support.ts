import type { AdminPage, AdminPageQuery } from '../../../tasks/admin/admin-store.interface.js';

/** The rows of all pages. A page may be short and still have a next one. */
export async function allPages<Row>(read: (page: AdminPageQuery) => Promise<AdminPage<Row>>): Promise<Row[]> {
  const rows: Row[] = [];
  let cursor: string | undefined;
  do {
    const page = await read(cursor === undefined ? {} : { cursor });
    rows.push(...page.rows);
    cursor = page.next;
  } while (cursor !== undefined);
  return rows;
}
