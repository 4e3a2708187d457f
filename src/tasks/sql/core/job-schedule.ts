import type { JobSchedule } from '../../job-schedule.interface.js';
import { NOW, later, sql } from './sql.js';
import type { SqlDatabase } from './sql-database.interface.js';

export class SqlJobSchedule implements JobSchedule {
  constructor(private readonly db: SqlDatabase) {}

  /** Of two concurrent callers the second waits for the row lock of the first, and then finds that the job is no longer due. */
  async claim(name: string, everyMs: number): Promise<boolean> {
    const next = later(everyMs);
    const claim = sql`update a2a_job set due_at = ${next} where name = ${name} and due_at <= ${NOW}`;
    if ((await this.db.run(claim)) > 0) return true;
    if ((await this.db.query(sql`select name from a2a_job where name = ${name}`)).length > 0) return false;
    try {
      return (await this.db.run(sql`insert into a2a_job (name, due_at) values (${name}, ${next})`)) > 0;
    } catch (error) {
      if (this.db.dialect.isDuplicate(error)) return false;
      throw error;
    }
  }
}
