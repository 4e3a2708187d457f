import { checkWholeNumber } from '../../common/number-options.js';
import { show } from '../../common/option-problems.js';
import type { SdkVersion } from './sdk-executor.js';
import type { SdkCallContextBuilder } from './sdk-request-context.js';

/** How an executor is adapted. */
export interface AdaptOptions {
  /** The SDK that the executor was written for. `sdkAgent` learns it from the card. Default '1.0'. */
  sdk?: SdkVersion;
  /**
   * Makes what the executor finds as `requestContext.context`, as the SDK's `userBuilder` and `contextBuilder` do: return a
   * ServerCallContext of the SDK with a user of your own class, for example. Default: the SdkCallContext that it is given.
   */
  callContext?: SdkCallContextBuilder;
  /** Published events that may wait to be accepted; one more fails the task. Default 10,000. */
  maxBufferedEvents?: number;
  /** Approximate bytes of published events that may wait; more fails the task. Default 16 MiB. */
  maxBufferedBytes?: number;
}

const MAX = 2 ** 31 - 1;

/** Throws RangeError or TypeError naming the option. */
export function checkAdaptOptions({ sdk, callContext, maxBufferedEvents, maxBufferedBytes }: AdaptOptions): void {
  if (sdk !== undefined && sdk !== '1.0' && sdk !== '0.3') {
    throw new RangeError(`sdk is ${show(sdk)}: use '1.0' for @a2a-js/sdk 1.x, or '0.3'.`);
  }
  if (callContext !== undefined && typeof callContext !== 'function') {
    throw new TypeError(`callContext is ${show(callContext)}: use a function (callContext, context) => object.`);
  }
  for (const [name, value] of Object.entries({ maxBufferedEvents, maxBufferedBytes }))
    if (value !== undefined) checkWholeNumber(value, [1, MAX], name);
}
