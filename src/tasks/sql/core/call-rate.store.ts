import type { CallRateStore, StoredBudget } from '../../../common/call-rates/call-rate-store.interface.js';
import { lookupKey } from '../../../common/lookup-key.js';
import { NOW, sql } from './sql.js';
import type { SqlDatabase } from './sql-database.interface.js';
import { type SqlTime, timeOf } from './task-row.js';

interface BudgetRow {
  full_at: number | string | null;
  now_at: SqlTime;
}

const US = 1_000;

export class SqlCallRateStore implements CallRateStore {
  constructor(private readonly db: SqlDatabase) {}

  /** One row, whether the caller is known or not. */
  async read(caller: string): Promise<StoredBudget> {
    const [row] = await this.db.query<BudgetRow>(sql`
      select (select full_at from a2a_call_rate where caller_key = ${lookupKey(caller)}) as full_at, ${NOW} as now_at`);
    const now = Date.parse(timeOf(row!.now_at)) * US;
    return { fullAt: row?.full_at == null ? undefined : Number(row.full_at), now };
  }

  async swap(caller: string, before: number | undefined, after: number): Promise<boolean> {
    const key = lookupKey(caller);
    if (before !== undefined) {
      const swapped = await this.db.run(
        sql`update a2a_call_rate set full_at = ${after} where caller_key = ${key} and full_at = ${before}`,
      );
      return swapped > 0;
    }
    try {
      return (await this.db.run(sql`insert into a2a_call_rate (caller_key, full_at) values (${key}, ${after})`)) > 0;
    } catch (error) {
      if (this.db.dialect.isDuplicate(error)) return false;
      throw error;
    }
  }

  async prune(limit: number): Promise<number> {
    const [row] = await this.db.query<Pick<BudgetRow, 'now_at'>>(sql`select ${NOW} as now_at`);
    const now = Date.parse(timeOf(row!.now_at)) * US;
    // MySQL does not delete from a table that a subquery reads, unless it is a derived one.
    return this.db.run(sql`
      delete from a2a_call_rate where caller_key in (select caller_key from (
        select caller_key from a2a_call_rate where full_at < ${now} limit ${limit}) whole)`);
  }
}
