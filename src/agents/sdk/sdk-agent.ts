import 'reflect-metadata';
import { Inject, type InjectionToken, type Type } from '@nestjs/common';
import { A2aAgent } from '../a2a-agent.decorator.js';
import type { AgentExecutor } from '../agent-executor.interface.js';
import type { A2aAgentOptions } from '../agent-options.js';
import type { RequestContext } from '../request-context.js';
import type { TaskUpdater } from '../task-updater.js';
import { adaptExecutor } from './adapt-executor.js';
import type { AdaptOptions } from './adapt.options.js';
import { agentOptionsOf, type SdkAgentCard, sdkVersionOf } from './sdk-card.js';
import { checkSdkExecutor, isSdkExecutor, type SdkExecutor } from './sdk-executor.js';

/** The options of `@A2aAgent()` beside these win over what the card says. */
export interface SdkAgentOptions extends AdaptOptions, Partial<Omit<A2aAgentOptions, 'id'>> {
  /** Names the endpoint `/agents/{id}`. */
  id: string;
  /** The executor, or the class or token of a provider that is one. */
  executor: SdkExecutor | InjectionToken<SdkExecutor>;
  /** The card that the executor was served with. Its addresses and signatures are not used. */
  card: SdkAgentCard;
}

/**
 * An agent made of an executor and a card for `@a2a-js/sdk`: a class to list in the `providers` of a module. `@UseGuards` and the
 * like can be applied to it.
 *
 * Its `replies` are 'either' by default, as in the SDK, where the first event decides. Set 'task' if the executor never
 * answers with a bare Message: then a message is stored before the executor starts, waits in the run queue if all slots are
 * taken, and starts one task however often it is sent. With `resumable: true` a turn is run again if its process is lost.
 *
 * @throws TypeError, RangeError naming what is wrong. The options of the agent are checked at boot.
 * @example
 * ```ts
 * @Module({
 *   imports: [A2aModule.forRoot({ storage: postgresStorage({ url }) })],
 *   providers: [sdkAgent({ id: 'movies', executor: new MovieAgentExecutor(), card: movieAgentCard, resumable: true })],
 * })
 * export class AppModule {}
 * ```
 */
export function sdkAgent(options: SdkAgentOptions): Type<AgentExecutor> {
  const {
    executor,
    card,
    sdk = sdkVersionOf(card),
    callContext,
    maxBufferedEvents,
    maxBufferedBytes,
    ...given
  } = options;
  const adapt = { sdk, callContext, maxBufferedEvents, maxBufferedBytes };
  const where = `sdkAgent({ id: '${given.id}' })`;
  const token = typeof executor === 'object' && executor !== null ? undefined : executor;
  if (token === undefined) checkSdkExecutor(executor, where);

  class SdkAgent implements AgentExecutor {
    readonly #adapted;

    constructor(provided: unknown) {
      this.#adapted = adaptExecutor(checkSdkExecutor(token === undefined ? executor : provided, where), adapt);
    }

    execute(context: RequestContext, updater: TaskUpdater): ReturnType<AgentExecutor['execute']> {
      return this.#adapted.execute(context, updater);
    }

    cancel(context: RequestContext, updater: TaskUpdater): Promise<void> | void {
      return this.#adapted.cancel(context, updater);
    }
  }
  // For logs and boot errors.
  Object.defineProperty(SdkAgent, 'name', { value: nameOf(executor) });
  // What the compiler would emit for the constructor of a decorated class.
  Reflect.defineMetadata('design:paramtypes', token === undefined ? [] : [Object], SdkAgent);
  if (token !== undefined) Inject(token)(SdkAgent, undefined, 0);
  A2aAgent({ ...agentOptionsOf(card), replies: 'either', ...given } as A2aAgentOptions)(SdkAgent);
  return SdkAgent;
}

function nameOf(executor: SdkAgentOptions['executor']): string {
  if (typeof executor === 'function') return executor.name;
  if (typeof executor !== 'object') return String(executor);
  return isSdkExecutor(executor) && executor.constructor !== Object ? executor.constructor.name : 'SdkAgent';
}
