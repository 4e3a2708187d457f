import { type CheckedQuotas, type OwnerQuota, quotasOptions, type TenantQuota } from './quotas.options.js';

/** Storages take it as a number of rows. */
const MANY = Number.MAX_SAFE_INTEGER;
const NO_TENANT_LIMIT: TenantQuota = { runs: MANY, storedTasks: 0, storedBytes: 0 };
const NO_LIMIT: OwnerQuota = {
  ...NO_TENANT_LIMIT,
  ...{ callsPerMinute: 0, openCalls: MANY, waitingTasks: MANY, webhooks: MANY },
  webhookCallsPerSecond: MANY,
};

/** What holds where no entry of the table says otherwise. */
export interface QuotaDefaults {
  readonly owner?: Partial<OwnerQuota>;
  readonly tenant?: Partial<TenantQuota>;
}

/** The one place that knows what an owner and a tenant may use. */
export class QuotaTable {
  /** Those that have an entry. */
  readonly owners: ReadonlyMap<string, OwnerQuota>;
  readonly tenants: ReadonlyMap<string, TenantQuota>;
  /** Of those that have no entry. */
  readonly owner: OwnerQuota;
  readonly tenant: TenantQuota;
  /** The least that some owner and some tenant may run. */
  readonly least: { readonly ofOwners: number; readonly ofTenants: number };

  /** What `defaults` do not name is not limited. */
  constructor(
    defaults: QuotaDefaults = {},
    { default: given, owners, tenantDefault, tenants }: CheckedQuotas = quotasOptions(),
  ) {
    this.owner = { ...NO_LIMIT, ...defaults.owner, ...given };
    this.tenant = { ...NO_TENANT_LIMIT, ...defaults.tenant, ...tenantDefault };
    this.owners = new Map(Object.entries(owners).map(([name, quota]) => [name, { ...this.owner, ...quota }]));
    this.tenants = new Map(Object.entries(tenants).map(([name, quota]) => [name, { ...this.tenant, ...quota }]));
    this.least = {
      ofOwners: Math.min(this.owner.runs, ...[...this.owners.values()].map(({ runs }) => runs)),
      ofTenants: Math.min(this.tenant.runs, ...[...this.tenants.values()].map(({ runs }) => runs)),
    };
  }

  ofOwner(owner: string): OwnerQuota {
    return this.owners.get(owner) ?? this.owner;
  }

  ofTenant(tenant: string): TenantQuota {
    return this.tenants.get(tenant) ?? this.tenant;
  }
}
