import { sql } from '../sql.js';
import type { SqlDatabase } from '../sql-database.interface.js';

/** More agents are not read one by one. */
export const MAX_AGENTS = 100;

/** The agents that have tasks, in order, one more than MAX_AGENTS at most: each costs one look into the index. */
export async function knownAgents(db: SqlDatabase): Promise<string[]> {
  const rows = await db.query<{ agent: string | null }>(sql`
    with recursive known (n, agent) as (
      select 1, (select min(t.agent) from a2a_task t)
      union all
      select k.n + 1, (select min(t.agent) from a2a_task t where t.agent > k.agent) from known k
      where k.agent is not null and k.n <= ${MAX_AGENTS}
    )
    select agent from known where agent is not null order by agent`);
  return rows.flatMap(({ agent }) => (agent === null ? [] : [agent]));
}
