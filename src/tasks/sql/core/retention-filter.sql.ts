import { KEPT_BY_TRIM, RETENTION_FILTERS, type RetentionFact } from '../../core/retention-filter.js';
import { toStored } from '../../task-states.js';
import type { SettledTasks } from '../../task-store.interface.js';
import { NOT_HELD } from './legal-hold.store.js';
import { type Sql, join, later, raw, sql } from './sql.js';
import { NO_MESSAGE } from './task-filter.sql.js';
import { RESTING, TERMINAL } from './task-row.js';

const NOT: Readonly<Record<RetentionFact, Sql>> = {
  held: NOT_HELD,
  owesDeliveries: raw('not exists (select 1 from a2a_outbox o where o.task_id = t.task_id and o.dead_at is null)'),
  /** One that is too large for a snapshot is not looked at again. */
  trimmed: raw('t.trimmed_seq = 0 and t.keeps_log = false'),
  running: raw('t.run_owner is null'),
  queued: raw('t.not_before is null'),
  hasMessage: NO_MESSAGE,
};

/** Tasks that a filter of retention finds. The planner must match the partial indexes, which list their states. */
export function settledTasks(
  columns: Sql,
  filter: keyof typeof RETENTION_FILTERS,
  { agent, state, forMs }: SettledTasks,
  limit: number,
): Sql {
  const { ended, not } = RETENTION_FILTERS[filter];
  const states = ended ? sql`t.state in ${TERMINAL}` : sql`t.state in ${RESTING} and t.state not in ${TERMINAL}`;
  return sql`
select ${columns} from a2a_task t
where t.agent = ${agent} and t.state = ${toStored(state)} and t.rested_at <= ${later(-forMs)} and ${states}
  and ${join(
    not.map((fact) => NOT[fact]),
    ' and ',
  )}
order by t.rested_at limit ${limit}`;
}

const DELIVERIES = { owed: 'o.dead_at is null', dead: 'o.dead_at is not null' };

/** The seqs of a task's events that a trim keeps. */
export const keptByTrim = (taskId: string): Sql => sql`
select o.seq from a2a_outbox o where o.task_id = ${taskId} and (${raw(KEPT_BY_TRIM.map((which) => DELIVERIES[which]).join(' or '))})`;
