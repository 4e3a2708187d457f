import { checkNames, numberOptions, type NumberRange } from '../number-options.js';

/** What one owner may use, over all tenants and agents. */
export interface OwnerQuota {
  /** Calls per minute, over all bindings. 0: no limit. */
  readonly callsPerMinute: number;
  /** Calls and streams that are open, in each process. */
  readonly openCalls: number;
  /** Concurrent runs, in each process. */
  readonly runs: number;
  /** Tasks that wait for a run. */
  readonly waitingTasks: number;
  /** Webhooks of tasks that have not ended. */
  readonly webhooks: number;
  /** Calls per second to webhooks, in each process; more wait. */
  readonly webhookCallsPerSecond: number;
  /** Tasks that are stored, whatever their state. 0: no limit. */
  readonly storedTasks: number;
  /** Bytes of all events of the tasks that are stored. 0: no limit. */
  readonly storedBytes: number;
}

/** What all owners of one tenant may use together. */
export type TenantQuota = Pick<OwnerQuota, 'runs' | 'storedTasks' | 'storedBytes'>;

/** Quotas of owners and tenants. A limit that an entry does not name is that of the default. */
export interface QuotasOptions {
  /** For each owner. What it does not name is the single option of the module, such as `execution.maxRunsPerOwner`. */
  readonly default?: Partial<OwnerQuota>;
  /** By the owner. */
  readonly owners?: Readonly<Record<string, Partial<OwnerQuota>>>;
  /** For each tenant. */
  readonly tenantDefault?: Partial<TenantQuota>;
  /** By the tenant; '' are the callers without one. */
  readonly tenants?: Readonly<Record<string, Partial<TenantQuota>>>;
}

export const MAX_RUNS = 1_000_000;

export const OWNER_QUOTA_RANGES: Readonly<Record<keyof OwnerQuota, NumberRange>> = {
  callsPerMinute: [0, 10_000_000],
  openCalls: [1, 10_000_000],
  runs: [1, MAX_RUNS],
  waitingTasks: [0, MAX_RUNS],
  webhooks: [1, 10_000_000],
  webhookCallsPerSecond: [1, 1_000_000],
  storedTasks: [0, Number.MAX_SAFE_INTEGER],
  storedBytes: [0, Number.MAX_SAFE_INTEGER],
};

const { runs, storedTasks, storedBytes } = OWNER_QUOTA_RANGES;
export const TENANT_QUOTA_RANGES: Readonly<Record<keyof TenantQuota, NumberRange>> = { runs, storedTasks, storedBytes };

/** Quotas as they are checked: all four parts are there. */
export type CheckedQuotas = Required<QuotasOptions>;

/** Throws RangeError or TypeError naming the entry that is unknown or out of range. */
export function quotasOptions(given: QuotasOptions = {}): CheckedQuotas {
  checkNames(objectOf(given, 'quotas'), ['default', 'owners', 'tenantDefault', 'tenants'], 'quotas');
  return {
    default: numberOptions(objectOf(given.default, 'quotas.default'), OWNER_QUOTA_RANGES, 'quotas.default'),
    owners: each(given.owners, OWNER_QUOTA_RANGES, 'quotas.owners'),
    tenantDefault: numberOptions(
      objectOf(given.tenantDefault, 'quotas.tenantDefault'),
      TENANT_QUOTA_RANGES,
      'quotas.tenantDefault',
    ),
    tenants: each(given.tenants, TENANT_QUOTA_RANGES, 'quotas.tenants'),
  };
}

function each<K extends string>(
  given: Readonly<Record<string, Partial<Record<K, number>>>> | undefined,
  ranges: Readonly<Record<K, NumberRange>>,
  where: string,
): Record<string, Partial<Record<K, number>>> {
  return Object.fromEntries(
    Object.entries(objectOf(given, where)).map(([name, quota]) => {
      const entry = `${where}[${JSON.stringify(name)}]`;
      return [name, numberOptions(objectOf(quota, entry), ranges, entry)];
    }),
  );
}

function objectOf<T extends object>(given: T | undefined, where: string): T {
  if (given === undefined) return {} as T;
  if (typeof given === 'object' && given !== null && !Array.isArray(given)) return given;
  throw new TypeError(`${where} must be an object.`);
}
