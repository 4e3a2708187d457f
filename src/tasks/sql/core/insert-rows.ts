import { type Fragment, type SqlValue, join, raw, sql } from './sql.js';
import type { SqlSession } from './sql-database.interface.js';

/** Limits of one insert statement: rows, and bytes of text after which the next statement starts. */
const [MAX_ROWS, MAX_BYTES] = [100, 1024 * 1024];

/** Inserts rows in as few statements as the limits allow. */
export async function insertRows(
  session: SqlSession,
  table: string,
  columns: readonly string[],
  rows: readonly (readonly (SqlValue | Fragment)[])[],
): Promise<void> {
  const into = raw(`insert into ${table} (${columns.join(', ')}) values`);
  let [group, bytes]: [(readonly (SqlValue | Fragment)[])[], number] = [[], 0];
  const flush = async (): Promise<void> => {
    if (group.length > 0) await session.run(sql`${into} ${join(group.map((values) => sql`(${join(values)})`))}`);
    [group, bytes] = [[], 0];
  };
  for (const values of rows) {
    const size = values.reduce<number>((sum, value) => sum + (typeof value === 'string' ? value.length : 0), 0);
    if (group.length === MAX_ROWS || (group.length > 0 && bytes + size > MAX_BYTES)) await flush();
    group.push(values);
    bytes += size;
  }
  await flush();
}
