import type { LimitsOptions } from '../common/limits.options.js';
import { definedOptions } from '../common/number-options.js';
import { QuotaTable } from '../common/quotas/quota.table.js';
import type { OwnerQuota, QuotasOptions } from '../common/quotas/quotas.options.js';
import { quotasOptions } from '../common/quotas/quotas.options.js';
import { PUSH_DEFAULTS, type PushNotificationsOptions } from '../push-notifications/push-notifications.options.js';
import type { ExecutionOptions } from './execution.options.js';

/** The options of the module that hold quotas, as they are given. */
export interface GivenQuotas {
  readonly quotas?: QuotasOptions;
  readonly limits?: Partial<LimitsOptions>;
  readonly execution?: Partial<ExecutionOptions>;
  readonly pushNotifications?: Partial<PushNotificationsOptions> | false;
}

/** The options that are the default of one quota each. */
const SINGLE = {
  limits: { maxCallsPerMinute: 'callsPerMinute', maxCallsPerCaller: 'openCalls' },
  execution: { maxRunsPerOwner: 'runs', maxWaitingPerOwner: 'waitingTasks' },
  pushNotifications: { maxConfigsPerOwner: 'webhooks', maxPerOwnerPerSecond: 'webhookCallsPerSecond' },
} as const satisfies Readonly<Record<string, Readonly<Record<string, keyof OwnerQuota>>>>;

/** `limits` and `execution`: with their defaults. Throws RangeError naming a wrong entry, or a limit that is set in two places. */
export function quotaTable(given: GivenQuotas, limits: LimitsOptions, execution: ExecutionOptions): QuotaTable {
  const quotas = quotasOptions(given.quotas);
  const options = { limits, execution, pushNotifications: { ...PUSH_DEFAULTS, ...definedOptions(pushOf(given)) } };
  const owner: Partial<Record<keyof OwnerQuota, number>> = {};
  for (const [part, names] of Object.entries(SINGLE)) {
    const set: object = part === 'pushNotifications' ? pushOf(given) : (given[part as 'limits' | 'execution'] ?? {});
    for (const [name, quota] of Object.entries(names)) {
      checkOnce(`default.${quota}`, quotas.default[quota], `${part}.${name}`, member(set, name));
      owner[quota] = member(options[part as keyof typeof SINGLE], name);
    }
  }
  const { maxRunsPerTenant: runs } = execution;
  const { runs: inTable } = quotas.tenantDefault;
  checkOnce('tenantDefault.runs', inTable, 'execution.maxRunsPerTenant', given.execution?.maxRunsPerTenant);
  return new QuotaTable({ owner, tenant: { runs } }, quotas);
}

const pushOf = ({ pushNotifications }: GivenQuotas): Partial<PushNotificationsOptions> => pushNotifications || {};

const member = (options: object, name: string): number | undefined => (options as Record<string, number>)[name];

function checkOnce(entry: string, inTable: number | undefined, option: string, single: number | undefined): void {
  if (inTable !== undefined && single !== undefined)
    throw new RangeError(`quotas.${entry} and ${option} are the same limit. Set one of them.`);
}
