import { Injectable } from '@nestjs/common';
import { SafeLogger } from '../../common/safe-logger.js';
import type { RegisteredAgent } from '../../agents/agent-registry.interface.js';
import { timeOfId } from '../../protocol/ids.js';
import { isUnavailable } from '../../protocol/errors/index.js';
import { isInterrupted } from '../../protocol/state/task-state.js';
import type { CallContext } from '../../security/call-context.js';
import type { ClaimedRun, RequeueOptions } from '../../tasks/run-store.interface.js';
import type { StartedTurn } from '../../tasks/turn-request.js';
import type { RunStart } from '../runs/active-run.js';
import type { RunSlot } from '../queue/run.slots.js';
import { DrainService } from '../drain.service.js';
import { referencedTasksOf } from '../runs/referenced-tasks.js';
import { retryDelay, retryOf } from './retry.policy.js';
import { RunLauncher } from '../runs/run.launcher.js';
import { StatusWriter } from '../runs/status.writer.js';
import {
  type TurnOutcome,
  outcomeFromAbort,
  retriesExhausted,
  runLost,
  tooManyAttempts,
} from '../runs/turn-outcome.js';
import { retryWhileUnavailable } from '../retry-while-unavailable.js';

const log = new SafeLogger('RunResumer');

/**
 * What happened to a task whose run was lost. `waiting`: it is in the run queue, because no slot is free here. `left`: another process
 * takes it, because this one is shutting down or has lost the task again.
 */
export type Resumed = 'run-again' | 'next-turn' | 'released' | 'failed' | 'canceled' | 'waiting' | 'left';

/** Resumes a task that another run left, after the right to write was taken over. */
@Injectable()
export class RunResumer {
  constructor(
    private readonly launcher: RunLauncher,
    private readonly status: StatusWriter,
    private readonly drain: DrainService,
  ) {}

  /**
   * Uses the slot `place` and releases it if nothing is run. Without a slot the task is queued. Throws UNAVAILABLE; this process then owns
   * the task without running it, and a recovery scan finds it.
   */
  async resume(agent: RegisteredAgent, claimed: ClaimedRun, place?: RunSlot): Promise<Resumed> {
    try {
      return await this.#resume(agent, claimed, place);
    } catch (error) {
      if (isUnavailable(error)) throw error;
      log.error(`Task ${claimed.run.taskId} cannot be resumed.`, error instanceof Error ? error.stack : error);
      return this.startFailed(agent, claimed, error);
    } finally {
      if (this.launcher.registry.get(claimed.run.taskId)?.place !== place) place?.release();
    }
  }

  /** Requeues a task that was claimed and not started. */
  giveBack(claimed: ClaimedRun): Promise<Resumed> {
    return this.#requeue(claimed, { delayMs: 0 });
  }

  /**
   * Schedules another start, unless too many have failed. An unavailable storage does not count as a failure: the task is started again
   * once it can be requeued.
   */
  startFailed(agent: RegisteredAgent, claimed: ClaimedRun, error: unknown): Promise<Resumed> {
    if (isUnavailable(error)) return this.giveBack(claimed);
    const delayMs = retryDelay(agent, claimed.failures);
    if (delayMs === undefined) return this.#end(claimed, retriesExhausted(retryOf(agent).maxAttempts), 'failed');
    return this.#requeue(claimed, { delayMs, failed: true });
  }

  async #requeue(claimed: ClaimedRun, options: RequeueOptions): Promise<Resumed> {
    const { bus, runs } = this.launcher.ports;
    const given = await this.#patiently(() => runs.requeue(claimed.run, options));
    if (given === 'canceled') return this.#end(claimed, outcomeFromAbort('canceled'), 'canceled');
    if (given !== 'waiting') return 'left';
    if (options.delayMs === 0) bus.wakeQueue();
    return 'waiting';
  }

  /** Retries until the storage answers: this process owns the task, so no other would repeat the step. */
  #patiently<T>(work: () => Promise<T>): Promise<T> {
    return retryWhileUnavailable(work, () => !this.launcher.replica.held);
  }

  async #resume(agent: RegisteredAgent, claimed: ClaimedRun, place?: RunSlot): Promise<Resumed> {
    if (claimed.cancelRequested) return this.#end(claimed, outcomeFromAbort('canceled'), 'canceled');
    const { inbox, runs } = this.launcher.ports;
    // A lost answer is not a failure of the agent.
    const begun = await this.#patiently(() => runs.startedTurn(claimed.run));
    if (!begun) return 'left';
    // The turn was claimed, but its message not yet consumed. Without a message there is no such turn to run.
    if (begun.turn < claimed.turn && (await this.#patiently(() => inbox.peek(claimed.run))))
      return this.#launch(agent, { claimed }, 'next-turn', place);
    return (await this.#afterTurn(agent, claimed, place)) ?? this.#lostTurn(agent, claimed, begun, place);
  }

  /** For a task that waits for its client: its turn is over. undefined: the task does not wait. */
  async #afterTurn(agent: RegisteredAgent, claimed: ClaimedRun, place?: RunSlot): Promise<Resumed | undefined> {
    const { run, state, turn } = claimed;
    if (!isInterrupted(state)) return undefined;
    const { runs, inbox } = this.launcher.ports;
    // With AUTH_REQUIRED a run may continue by itself, and this one no longer can.
    if (state === 'TASK_STATE_AUTH_REQUIRED' && !(await inbox.peek(run))) return undefined;
    const released = await runs.release(run);
    if (released === 'canceled') return this.#end(claimed, outcomeFromAbort('canceled'), 'canceled');
    if (released !== 'inbox') return released === 'released' ? 'released' : 'left';
    if (!(await runs.nextTurn(run, turn))) return 'left';
    const next = { ...claimed, turn: turn + 1, attempt: 1, crashes: 0, failures: 0 };
    return this.#launch(agent, { claimed: next }, 'next-turn', place);
  }

  async #lostTurn(agent: RegisteredAgent, claimed: ClaimedRun, begun: StartedTurn, place?: RunSlot): Promise<Resumed> {
    const { crashes } = claimed;
    const { maxAttempts } = this.launcher.options;
    if (crashes > 0 && !agent.options.resumable) return this.#end(claimed, runLost(), 'failed');
    if (crashes >= maxAttempts) return this.#end(claimed, tooManyAttempts(maxAttempts), 'failed');
    return place ? this.#again(agent, claimed, begun, place) : this.giveBack(claimed);
  }

  async #again(agent: RegisteredAgent, claimed: ClaimedRun, begun: StartedTurn, place: RunSlot): Promise<Resumed> {
    const { run, state, turn, attempt } = claimed;
    const { message, metadata, configuration, previousState, call } = begun;
    const { ports, options } = this.launcher;
    const caller: CallContext = { ...run, protocolVersion: '1.0', requestedExtensions: [], ...call };
    const [snapshot, referencedTasks] = await this.#patiently(() =>
      Promise.all([
        ports.store.get(caller, run.taskId),
        referencedTasksOf(ports.store, caller, message, options.maxReferencedTasks),
      ]),
    );
    if (!snapshot) return 'left';
    // The task no longer waits for what the lost attempt waited for; returning without a state means that it has completed.
    const going = isInterrupted(state) ? await this.status.write(claimed, { state: 'TASK_STATE_WORKING' }) : claimed;
    if (!going) return 'left';
    const currentTask = snapshot.task;
    const request = { message, metadata, configuration, previousState };
    // Later turns that were never started still have their message in the inbox.
    const acceptedAt = turn === 1 && attempt === 1 ? timeOfId(run.taskId) : undefined;
    const first = { ...request, acceptedAt, currentTask, referencedTasks, turn, attempt, caller };
    return this.#launch(agent, { claimed: going, first }, 'run-again', place);
  }

  async #launch(agent: RegisteredAgent, start: RunStart, as: Resumed, place?: RunSlot): Promise<Resumed> {
    if (!place || this.drain.draining || !this.launcher.replica.held) return this.giveBack(start.claimed);
    this.launcher.launch(agent, start, place);
    return as;
  }

  async #end(claimed: ClaimedRun, ending: TurnOutcome, as: Resumed): Promise<Resumed> {
    return (await this.status.end(claimed, ending)) ? as : 'left';
  }
}
