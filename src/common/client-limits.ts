import type { ByteBudget } from './byte-budget.js';
import { CallLimit } from './call-limit.js';
import type { LimitsOptions } from './limits.options.js';
import { SilenceWatch } from './silence.watch.js';

/** What all bindings share to hold clients to their limits. */
export class ClientLimits {
  readonly calls: CallLimit;
  readonly silence = new SilenceWatch();

  constructor(
    readonly budget: ByteBudget,
    readonly options: LimitsOptions,
  ) {
    this.calls = new CallLimit(options.maxCallsPerCaller);
  }
}
