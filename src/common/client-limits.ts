import type { ByteBudget } from './byte-budget.js';
import { CallLimit } from './call-limit.js';
import type { LimitsOptions } from './limits.options.js';
import { KnownUsage } from './quotas/known-usage.js';
import type { QuotaTable } from './quotas/quota.table.js';
import type { SharedRateLimit } from './call-rates/shared-rate-limit.js';
import { RateLimit } from './rate-limit.js';
import { SilenceWatch } from './silence.watch.js';

/** The limits that all bindings share for their clients. */
export class ClientLimits {
  readonly calls = new CallLimit();
  /** Of this process, or of all that share the storage. */
  rate: Pick<SharedRateLimit, 'take'> = new RateLimit();
  readonly silence = new SilenceWatch();

  constructor(
    readonly budget: ByteBudget,
    readonly options: LimitsOptions,
    readonly quotas: QuotaTable,
    readonly usage = new KnownUsage(),
  ) {}
}
