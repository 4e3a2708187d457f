import type { JobSchedule } from '../job-schedule.interface.js';
import type { Database } from './database.js';

/** Of two concurrent callers the second waits for the row lock of the first, and then finds that the job is no longer due. */
const CLAIM = `
with claimed as (
  update a2a_job set due_at = now() + $2::float8 * interval '1 ms' where name = $1 and due_at <= now() returning name
), made as (
  insert into a2a_job (name, due_at)
  select $1, now() + $2::float8 * interval '1 ms' where not exists (select from a2a_job where name = $1)
  on conflict do nothing
  returning name
)
select from claimed union all select from made`;

export class TypeOrmJobSchedule implements JobSchedule {
  constructor(private readonly db: Database) {}

  async claim(name: string, everyMs: number): Promise<boolean> {
    return (await this.db.query(CLAIM, [name, everyMs])).length > 0;
  }
}
