import { isForEver } from '../../tasks/retention/retention.policy.js';
import type { AdminQuotas } from '../admin-api.types.js';
import type { AdminParts } from '../admin-parts.js';

/** The limits that are in force, by the names of the module's options. */
export function quotasOf({ limits, execution, push, retention }: AdminParts): AdminQuotas {
  const { policy, everyMs } = retention;
  const { retainMs, ...times } = policy;
  const kept = Object.entries(retainMs).map(([state, ms]) => [`retainMs.${state}`, ms] as const);
  const { owner, tenant, owners, tenants } = limits.quotas;
  return {
    limits: numbersOf(limits.options),
    execution: numbersOf(execution),
    ...(push && { pushNotifications: numbersOf(push) }),
    owner: numbersOf(owner),
    tenant: numbersOf(tenant),
    owners: byName(owners),
    tenants: byName(tenants),
    retention: Object.fromEntries(
      [...kept, ...Object.entries(times), ['everyMs', everyMs] as const].map(([name, ms]) => [
        name,
        isForEver(ms) ? null : ms,
      ]),
    ),
  };
}

/** Lists, keys and switches are no limits. */
const numbersOf = (options: object): Record<string, number> =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => typeof value === 'number')) as Record<
    string,
    number
  >;

const byName = (quotas: ReadonlyMap<string, object>): Record<string, Record<string, number>> =>
  Object.fromEntries([...quotas].map(([name, quota]) => [name, numbersOf(quota)]));
