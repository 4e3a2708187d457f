import type { AdminTaskFilter } from '../../../admin/admin-store.interface.js';
import { boundedTime, firstIdAfter, firstIdSince } from '../../../admin/id-range.js';
import { contextKey, ownerKey } from '../keys.js';
import { type Fragment, type Sql, join, raw, sql, timeValue } from '../sql.js';

/** Characters of a tenant in its index on Postgres. */
const TENANT_PREFIX = 64;

/** No storage holds such text, and some refuse to compare with it. */
const isUnknown = (text: string | undefined): boolean =>
  text !== undefined && (text.includes('\0') || !text.isWellFormed());

/** No task can match. */
export const matchesNothing = ({ agent, tenant, runOwner, states }: AdminTaskFilter): boolean =>
  [agent, tenant, runOwner].some(isUnknown) || states?.length === 0;

/** The condition on a2a_task, aliased `t`, for all of a filter but agent, states and reason. */
export function adminTaskFilter(filter: AdminTaskFilter): Sql {
  const { owner, tenant, contextId, from, to, queued, runOwner } = filter;
  const all = [raw('1 = 1')];
  if (owner !== undefined) all.push(sql`t.owner_key = ${ownerKey({ owner })}`);
  if (contextId !== undefined) all.push(sql`t.context_key = ${contextKey(contextId)}`);
  if (tenant !== undefined) all.push(sql`${ofTenant(tenant)}`);
  if (from !== undefined)
    all.push(sql`t.task_id >= ${firstIdSince(from)} and t.created_at >= ${timeValue(boundedTime(from))}`);
  if (to !== undefined) all.push(sql`t.task_id < ${firstIdAfter(to)} and t.created_at < ${timeValue(boundedTime(to))}`);
  if (queued) all.push(raw('t.waits is not null'));
  if (runOwner !== undefined) all.push(sql`t.run_owner = ${runOwner}`);
  return join(all, ' and ');
}

/** In the wording of the index. It does not hold tasks without a tenant. */
const ofTenant =
  (tenant: string): Fragment =>
  ({ family }) => {
    if (tenant === '') return sql`t.tenant = ''`;
    const start = [...tenant].slice(0, TENANT_PREFIX).join('');
    const indexed = family === 'postgres' ? sql`left(t.tenant, ${raw(String(TENANT_PREFIX))}) = ${start} and` : raw('');
    return sql`${indexed} t.tenant = ${tenant} and t.tenant <> ''`;
  };
