import { TransientMap } from '../../common/transient-map.js';
import { SafeLogger } from '../../common/safe-logger.js';
import { RunAborted } from '../agent-executor.interface.js';
import type { RequestContext } from '../request-context.js';
import type { TaskUpdater } from '../task-updater.js';
import { type AdaptOptions, checkAdaptOptions } from './adapt.options.js';
import { checkSdkExecutor, type SdkExecutor } from './sdk-executor.js';
import { SdkRun } from './sdk-run.js';

/** What `adaptExecutor` makes of an executor: call both from an agent of your own. */
export interface AdaptedAgent {
  execute(context: RequestContext, updater: TaskUpdater): Promise<void>;
  cancel(context: RequestContext, updater: TaskUpdater): Promise<void>;
}

/**
 * An agent that runs an executor written for `@a2a-js/sdk`, 1.x or 0.3.x, as it is. Use it in an agent class of your own;
 * `sdkAgent` needs none.
 *
 * The turn ends when `execute` returns or `eventBus.finished()` is called: as completed, unless the executor published a final
 * or interrupted state. `cancelTask` is called when the client cancels, and whenever something else stops the turn.
 *
 * @throws TypeError, RangeError naming what is wrong with the executor or an option.
 * @example
 * ```ts
 * readonly #adapted = adaptExecutor(new MovieAgentExecutor());
 * execute = (context: RequestContext, updater: TaskUpdater) => this.#adapted.execute(context, updater);
 * ```
 */
export function adaptExecutor(executor: SdkExecutor, options: AdaptOptions = {}): AdaptedAgent {
  checkAdaptOptions(options);
  return new AdaptedExecutor(checkSdkExecutor(executor, 'adaptExecutor()'), options);
}

class AdaptedExecutor implements AdaptedAgent {
  readonly #log = new SafeLogger('SdkExecutor');
  /** The present turns, by their tasks: `cancel` gets the bus of `execute`, as in the SDK. */
  readonly #runs = new TransientMap<string, SdkRun>();

  constructor(
    private readonly executor: SdkExecutor,
    private readonly options: AdaptOptions,
  ) {}

  async execute(context: RequestContext, updater: TaskUpdater): Promise<void> {
    const { taskId, signal } = context;
    const run = new SdkRun(context, updater, this.options, this.#late(context));
    this.#runs.set(taskId, run);
    const stop = (): void => {
      if (!(signal.reason instanceof RunAborted && signal.reason.why === 'canceled')) this.#stop(taskId, run);
    };
    signal.addEventListener('abort', stop, { once: true });
    const call = this.#call(taskId, run);
    try {
      const returned = call.done.catch(async (error: unknown) => {
        await run.passedOn();
        throw error;
      });
      await Promise.race([run.failed, returned, run.finished]);
      run.close();
      await Promise.race([run.failed, run.passedOn()]);
    } catch (error) {
      if (!call.returned()) this.#stop(taskId, run);
      throw error;
    } finally {
      signal.removeEventListener('abort', stop);
      run.abandon();
      this.#forget(taskId, run);
    }
  }

  /** Ends when the executor has ended its task, or has returned. The server does not wait for longer than its limit for cancels. */
  async cancel({ taskId }: RequestContext): Promise<void> {
    const run = this.#runs.get(taskId);
    if (!run) return;
    await this.executor.cancelTask?.(taskId, run.bus as never);
    await run.closed;
    await run.passedOn();
  }

  #call(taskId: string, run: SdkRun): { done: Promise<void>; returned: () => boolean } {
    let isBack = false;
    const execute = async (): Promise<void> => {
      try {
        await this.executor.execute(run.requestContext as never, run.bus as never);
      } catch (error) {
        // After `finished()` nobody awaits it.
        if (this.#runs.get(taskId) !== run)
          this.#log.warn(`The executor failed after the end of task ${taskId}`, error);
        throw error;
      } finally {
        isBack = true;
      }
    };
    return { done: execute(), returned: () => isBack };
  }

  /** What it publishes from now on changes nothing. An executor has no other way to learn that it is to stop. */
  #stop(taskId: string, run: SdkRun): void {
    run.abandon();
    this.#forget(taskId, run);
    const cancel = async (): Promise<void> => this.executor.cancelTask?.(taskId, run.bus as never);
    cancel().catch((error: unknown) => this.#log.warn(`cancelTask() failed on task ${taskId}`, error));
  }

  #forget(taskId: string, run: SdkRun): void {
    if (this.#runs.get(taskId) === run) this.#runs.delete(taskId);
  }

  #late({ taskId, signal }: RequestContext): () => void {
    let said = false;
    return () => {
      if (said || signal.aborted) return;
      said = true;
      this.#log.warn(
        `The executor published on task ${taskId} after its end, which has no effect: publish before the final state, finished() and the return of execute().`,
      );
    };
  }
}
