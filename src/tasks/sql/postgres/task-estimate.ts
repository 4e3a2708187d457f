import type { Sql } from '../core/sql.js';
import { sql } from '../core/sql.js';
import type { TaskListOptions } from '../core/task-list.js';
import type { PostgresDatabase } from './postgres.database.js';

/** Up to this many matches are counted. A larger number is estimated, because an exact count takes longer the more matches there are. */
export const COUNTED = 10_000;

type Plans = readonly { readonly Plan: { readonly 'Plan Rows': number } }[];

/** The planner's estimate. */
export const estimatedTotals = (db: PostgresDatabase, counted = COUNTED): TaskListOptions => ({
  counted,
  estimate: async (select: Sql): Promise<number> => {
    const [row] = await db.query<{ 'QUERY PLAN': string }>(sql`explain (format json) ${select}`);
    const [plan] = JSON.parse(row?.['QUERY PLAN'] ?? '[]') as Plans;
    return Math.round(plan?.Plan['Plan Rows'] ?? 0);
  },
});
