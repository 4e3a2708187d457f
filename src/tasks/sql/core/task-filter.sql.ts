import type { TaskFilter } from '../../core/task-filter.js';
import { RESTING_SQL, TERMINAL_SQL } from '../../task-states.js';

/** How a database writes values into a condition. Each call adds values to the statement and returns their placeholders. */
export interface ConditionValues {
  value(value: string): string;
  /** `in (…)`, or an equivalent. */
  among(values: readonly string[]): string;
  notAmong(values: readonly string[]): string;
  /** The database's present time minus `ms` milliseconds, in the type of the columns. */
  ago(ms: number): string;
}

const AWAITS_CLIENT = `t.state in ${RESTING_SQL} and t.cancel_requested_at is null`;
const NOT_AWAITING_CLIENT = `(t.state not in ${RESTING_SQL} or t.cancel_requested_at is not null)`;
/** Starts from the inbox, which is small; the set of tasks that wait for their clients is not. */
const HAS_MESSAGE = 't.task_id in (select i.task_id from a2a_inbox i)';
const NO_MESSAGE = 'not exists (select 1 from a2a_inbox i where i.task_id = t.task_id)';
const OWNER_ALIVE = 'select 1 from a2a_replica r where r.id = t.run_owner';

/** The condition on a2a_task, aliased `t`, for a filter. It repeats the wording of the partial indexes. */
export function filterSql(filter: TaskFilter, values: ConditionValues): string {
  const { runBy, queued, hasMessage, awaitsClient, agents, without, after, unchangedForMs } = filter;
  const sql = [`t.state not in ${TERMINAL_SQL}`];
  if (runBy === 'nobody') sql.push('t.run_owner is null');
  else if (runBy === 'lost replica') sql.push('t.run_owner is not null', `not exists (${OWNER_ALIVE})`);
  else if (runBy) sql.push(`t.run_owner = ${values.value(runBy.replica)}`);
  if (queued !== undefined) sql.push(`t.not_before is ${queued ? 'not null' : 'null'}`);
  if (hasMessage !== undefined) sql.push(hasMessage ? HAS_MESSAGE : NO_MESSAGE);
  if (awaitsClient !== undefined) sql.push(awaitsClient ? AWAITS_CLIENT : NOT_AWAITING_CLIENT);
  if (filter.cancelRequested) sql.push('t.cancel_requested_at is not null');
  if (unchangedForMs !== undefined)
    sql.push(`coalesce(t.cancel_requested_at, t.status_at) <= ${values.ago(unchangedForMs)}`);
  if (agents) sql.push(`t.agent ${values.among(agents)}`);
  if (without) sql.push(`t.task_id ${values.notAmong(without)}`);
  if (after !== undefined) sql.push(`t.task_id > ${values.value(after)}`);
  return sql.join(' and ');
}
