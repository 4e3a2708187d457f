import type { TaskFilter } from '../../core/task-filter.js';
import { type Sql, among, join, later, raw, sql } from './sql.js';
import { RESTING, TERMINAL } from './task-row.js';

const AWAITS_CLIENT = sql`t.state in ${RESTING} and t.cancel_requested_at is null`;
const NOT_AWAITING_CLIENT = sql`(t.state not in ${RESTING} or t.cancel_requested_at is not null)`;
/** Starts from the inbox, which is small; the set of tasks that wait for their clients is not. */
const HAS_MESSAGE = sql`t.task_id in (select i.task_id from a2a_inbox i)`;
export const NO_MESSAGE = sql`not exists (select 1 from a2a_inbox i where i.task_id = t.task_id)`;
const OWNER_ALIVE = sql`select 1 from a2a_replica r where r.id = t.run_owner`;

/** The condition on a2a_task, aliased `t`, for a filter. It repeats the wording of the partial indexes. */
export function filterSql(filter: TaskFilter): Sql {
  const { runBy, queued, hasMessage, awaitsClient, agents, without, after, unchangedForMs } = filter;
  const all = [sql`t.state not in ${TERMINAL}`];
  if (runBy === 'nobody') all.push(sql`t.run_owner is null`);
  else if (runBy === 'lost replica') all.push(sql`t.run_owner is not null`, sql`not exists (${OWNER_ALIVE})`);
  else if (runBy) all.push(sql`t.run_owner = ${runBy.replica}`);
  if (queued !== undefined) all.push(raw(`t.not_before is ${queued ? 'not null' : 'null'}`));
  if (hasMessage !== undefined) all.push(hasMessage ? HAS_MESSAGE : NO_MESSAGE);
  if (awaitsClient !== undefined) all.push(awaitsClient ? AWAITS_CLIENT : NOT_AWAITING_CLIENT);
  if (filter.cancelRequested) all.push(sql`t.cancel_requested_at is not null`);
  if (unchangedForMs !== undefined)
    all.push(sql`coalesce(t.cancel_requested_at, t.status_at) <= ${later(-unchangedForMs)}`);
  if (agents) all.push(sql`t.agent ${among(agents)}`);
  if (without?.length) all.push(sql`not t.task_id ${among(without)}`);
  if (after !== undefined) all.push(sql`t.task_id > ${after}`);
  return join(all, ' and ');
}
