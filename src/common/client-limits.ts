import type { ByteBudget } from './byte-budget.js';
import { CallLimit } from './call-limit.js';
import type { LimitsOptions } from './limits.options.js';
import { SilenceWatch } from './silence.watch.js';

/** The limits that all bindings share for their clients. */
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
