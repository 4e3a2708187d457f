import type { SqlSession, SqlValue } from './sql-session.js';

/** `?, ?, ?`. */
export const marks = (count: number): string => Array.from({ length: count }, () => '?').join(', ');

/** Limits of one insert statement: rows, and bytes of text after which the next statement starts. */
const [MAX_ROWS, MAX_BYTES] = [100, 1024 * 1024];

/** Inserts rows in as few statements as the limits allow. */
export async function insertRows(
  session: SqlSession,
  table: string,
  columns: readonly string[],
  rows: readonly (readonly SqlValue[])[],
): Promise<void> {
  const into = `insert into ${table} (${columns.join(', ')}) values`;
  const row = `(${marks(columns.length)})`;
  let [group, bytes]: [(readonly SqlValue[])[], number] = [[], 0];
  const flush = async (): Promise<void> => {
    if (group.length > 0) await session.run(`${into} ${group.map(() => row).join(', ')}`, group.flat());
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

/** A value for each row: `case task_id when ? then ? … end`. */
export function byTask<T extends { taskId: string }>(
  items: readonly T[],
  valueOf: (item: T) => SqlValue,
): { sql: string; values: SqlValue[] } {
  return {
    sql: `case task_id ${items.map(() => 'when ? then ?').join(' ')} end`,
    values: items.flatMap((item) => [item.taskId, valueOf(item)]),
  };
}
