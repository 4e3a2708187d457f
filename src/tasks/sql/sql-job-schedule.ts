import type { JobSchedule } from '../job-schedule.interface.js';
import type { SqlDatabase } from './sql-database.js';
import { isDuplicate } from './sql-errors.js';

export class SqlJobSchedule implements JobSchedule {
  constructor(private readonly db: SqlDatabase) {}

  /** Of two concurrent callers the second waits for the row lock of the first, and then finds that the job is no longer due. */
  async claim(name: string, everyMs: number): Promise<boolean> {
    const { now } = this.db.dialect;
    const dueAt = `${now} + ${Math.round(everyMs)}`;
    try {
      return await this.db.write(async (session) => {
        const claim = `update a2a_job set due_at = ${dueAt} where name = ? and due_at <= ${now}`;
        if ((await session.run(claim, [name])) > 0) return true;
        const there = await session.query(`select name from a2a_job where name = ?`, [name]);
        if (there.length > 0) return false;
        return (await session.run(`insert into a2a_job (name, due_at) values (?, ${dueAt})`, [name])) > 0;
      });
    } catch (error) {
      if (isDuplicate(error)) return false;
      throw error;
    }
  }
}
