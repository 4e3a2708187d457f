import { describe, expect, it } from '@jest/globals';
import { executionOptions } from './execution.options.js';
import { type GivenQuotas, quotaTable } from './quota.defaults.js';
import { limitsOptions } from '../common/limits.options.js';
import { QuotaTable } from '../common/quotas/quota.table.js';

const tableOf = (given: GivenQuotas): QuotaTable =>
  quotaTable(given, limitsOptions(given.limits), executionOptions(given.execution));

describe('the table of quotas', () => {
  it('has the single options for everybody', () => {
    const table = tableOf({
      limits: { maxCallsPerMinute: 60, maxCallsPerCaller: 7 },
      execution: { maxRunsPerOwner: 3, maxRunsPerTenant: 4, maxWaitingPerOwner: 5 },
      pushNotifications: { maxConfigsPerOwner: 6, maxPerOwnerPerSecond: 8 },
    });
    const owner = { callsPerMinute: 60, openCalls: 7, runs: 3, waitingTasks: 5, webhooks: 6, webhookCallsPerSecond: 8 };
    expect(table.ofOwner('alice')).toEqual({ ...owner, storedTasks: 0, storedBytes: 0 });
    expect(table.ofTenant('acme')).toEqual({ runs: 4, storedTasks: 0, storedBytes: 0 });
  });

  it('has what an entry says before the default of the table, and that before the single option', () => {
    const table = tableOf({
      limits: { maxCallsPerMinute: 60 },
      quotas: {
        default: { runs: 2, storedTasks: 10 },
        owners: { alice: { storedTasks: 0, callsPerMinute: 600 }, constructor: { runs: 9 } },
        tenantDefault: { storedBytes: 1_000 },
        tenants: { acme: { runs: 1 } },
      },
    });
    expect(table.ofOwner('alice')).toMatchObject({ callsPerMinute: 600, runs: 2, storedTasks: 0 });
    expect(table.ofOwner('bob')).toMatchObject({ callsPerMinute: 60, runs: 2, storedTasks: 10 });
    expect([table.ofOwner('constructor').runs, table.ofOwner('toString').runs]).toEqual([9, 2]);
    expect(table.ofTenant('acme')).toEqual({ runs: 1, storedTasks: 0, storedBytes: 1_000 });
    expect(table.least).toEqual({ ofOwners: 2, ofTenants: 1 });
  });

  it.each<[GivenQuotas, string]>([
    [
      { quotas: { default: { runs: 1 } }, execution: { maxRunsPerOwner: 1 } },
      'quotas.default.runs and execution.maxRunsPerOwner are the same',
    ],
    [
      { quotas: { tenantDefault: { runs: 1 } }, execution: { maxRunsPerTenant: 1 } },
      'quotas.tenantDefault.runs and execution.maxRunsPerTenant are the same',
    ],
    [
      { quotas: { default: { webhooks: 1 } }, pushNotifications: { maxConfigsPerOwner: 1 } },
      'quotas.default.webhooks and pushNotifications.maxConfigsPerOwner are the same',
    ],
  ])('is refused if a limit is set in two places: %j', (given, problem) => {
    expect(() => tableOf(given)).toThrow(problem);
  });
});
