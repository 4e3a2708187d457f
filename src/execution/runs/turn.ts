import { activeExtensions } from '../../agents/active-extensions.js';
import { type AgentEvent, type AgentEventSink, RunAborted } from '../../agents/agent-executor.interface.js';
import type { RegisteredAgent } from '../../agents/agent-registry.interface.js';
import { type LazySignal, RequestContext, type RequestContextFields } from '../../agents/request-context.js';
import { TaskUpdater } from '../../agents/task-updater.js';
import { NO_SPAN, type TraceSpan } from '../../common/tracing/tracing.interface.js';
import { briefTextOfError } from '../../common/text-of-error.js';
import { SafeLogger } from '../../common/safe-logger.js';
import { EventConsumer } from '../../events/event-consumer.js';
import { EventQueue } from '../../events/event-queue.js';
import { QueueClosedError } from '../../events/events.errors.js';
import { TransientAgentError } from '../../agents/transient-agent.error.js';
import { isInterrupted } from '../../protocol/state/task-state.js';
import type { PendingEvent } from '../../tasks/pending-event.js';
import type { RequeueOptions } from '../../tasks/run-store.interface.js';
import type { TaskManager } from '../../tasks/task.manager.js';
import { TaskTooLargeError } from '../../tasks/task-too-large.error.js';
import { retryDelay, retryOf } from '../recovery/retry.policy.js';
import { callAgent } from './stray-errors.js';
import {
  COMPLETED,
  type TurnOutcome,
  outcomeFromAbort,
  outcomeFromError,
  retriesExhausted,
  statusFromOutcome,
} from './turn-outcome.js';
import { withMembers } from '../../common/with-members.js';

const log = new SafeLogger('Turn');

export interface TurnFields extends Omit<RequestContextFields, 'signal' | 'taskId' | 'contextId'> {
  /** When the message was accepted, in ms since the epoch. Absent: the turn is run again. */
  readonly acceptedAt?: number;
}

/**
 * One call of an agent: from the message to a terminal or interrupted state. What the agent emits is checked and serialised at once and
 * waits, bounded, for the writer. When the turn is over, late events are refused. A turn that is to be started again ends without a state.
 */
export class Turn implements AgentEventSink, LazySignal {
  /** Made when the agent asks for the signal. */
  #abort?: AbortController;
  #stopped?: RunAborted;
  readonly #queue = new EventQueue<PendingEvent>({ sizeOf: (event) => event.bytes });
  readonly context: RequestContext;
  readonly updater: TaskUpdater;
  /** Read by the writer. */
  readonly consumer = new EventConsumer<PendingEvent>(this.#queue);
  #over = false;
  /** The turn was cut off: some of its events are not stored. */
  lost = false;
  /** How to requeue the task when all is written; undefined: the turn has ended in another way, or continues. */
  left?: RequeueOptions;
  /** The shutdown requeues the turn instead of failing it. */
  #handsOver = false;
  #emittedAt = performance.now();
  /** Events that wait for the writer. */
  #emitting = 0;
  #limit?: NodeJS.Timeout;
  /** The log already says that the agent reports after its end. */
  #lateSaid = false;
  /** The agent's own `cancel`, while it decides how the turn ends. */
  #canceling?: Promise<void>;

  constructor(
    readonly agent: RegisteredAgent,
    readonly manager: TaskManager,
    fields: TurnFields,
    private readonly failures = 0,
    private readonly span: TraceSpan = NO_SPAN,
  ) {
    const { taskId, contextId } = manager.run;
    const { requestedExtensions: requested } = fields.caller;
    const activatedExtensions = requested.length > 0 ? activeExtensions(agent.options.extensions, requested) : [];
    this.context = new RequestContext(withMembers(fields, { activatedExtensions, taskId, contextId, signal: this }));
    this.updater = new TaskUpdater(this, taskId, contextId);
  }

  get aborted(): boolean {
    return this.#stopped !== undefined;
  }

  get signal(): AbortSignal {
    this.#abort ??= new AbortController();
    if (this.#stopped) this.#abort.abort(this.#stopped);
    return this.#abort.signal;
  }

  emit(event: AgentEvent): Promise<void> | void {
    if (this.#over) {
      this.refusedLate();
      throw new QueueClosedError();
    }
    this.#emittedAt = performance.now();
    const events = this.#accepted(event);
    const refused = events.findIndex((each) => !this.#queue.offerEvent(each));
    if (refused !== -1) return this.#enqueue(events.slice(refused));
  }

  #accepted(event: AgentEvent): PendingEvent[] {
    try {
      return this.manager.accept(event);
    } catch (error) {
      if (error instanceof TaskTooLargeError) this.abort('too-large', outcomeFromError(error));
      throw error;
    }
  }

  async #enqueue(events: readonly PendingEvent[]): Promise<void> {
    this.#emitting++;
    try {
      for (const event of events) await this.#queue.enqueueEvent(event);
    } finally {
      this.#emitting--;
      this.#emittedAt = performance.now();
    }
  }

  refusedLate(): void {
    // A stopped agent cannot know that its events are too late, so do not log them.
    if (this.#lateSaid || this.#stopped) return;
    this.#lateSaid = true;
    log.warn(
      `Agent '${this.agent.id}' reported on task ${this.context.taskId} after its end: await the calls of the updater, and make none after the last state.`,
    );
  }

  /** Time since the last event, in ms. 0 while an event waits for the writer. */
  get idleMs(): number {
    return this.#emitting > 0 ? 0 : performance.now() - this.#emittedAt;
  }

  /** Runs the agent to its end. Never rejects. */
  async execute(): Promise<void> {
    try {
      await callAgent(() => this.span.within(() => this.agent.execute(this.context, this.updater)), this.#late);
      if (this.#canceling) await this.#canceling;
      if (this.#stopped) this.#obeyed();
      else this.finish(COMPLETED);
    } catch (error) {
      await this.#canceling;
      this.#threw(error);
    }
  }

  /** The client cancels: first the signal, then the agent's own `cancel`, then, after the limit, the end in any case. */
  cancel(timeoutMs: number): void {
    if (this.#limit || this.#over) return;
    this.#limit = setTimeout(() => this.finish(outcomeFromAbort('canceled')), timeoutMs).unref();
    this.#canceling = this.agent.cancel && this.#cancelAgent();
    this.abort('canceled');
  }

  async #cancelAgent(): Promise<void> {
    // The contract says that the signal comes first.
    await Promise.resolve();
    try {
      await callAgent(async () => this.span.within(() => this.agent.cancel?.(this.context, this.updater)), this.#late);
      this.finish(outcomeFromAbort('canceled'));
    } catch (error) {
      const { taskId } = this.context;
      log.error(`cancel() of agent '${this.agent.id}' failed on task ${taskId}`, error);
    }
  }

  /**
   * Tells the agent to stop; with an ending, does not wait for it. The first reason counts: what the client canceled ends as canceled,
   * whatever stops the agent afterwards.
   */
  abort(why: RunAborted['why'], ending?: TurnOutcome): void {
    if (!this.#stopped) {
      this.#stopped = new RunAborted(why);
      this.#abort?.abort(this.#stopped);
    }
    if (ending) this.finish(this.#stopped.why === 'canceled' ? outcomeFromAbort('canceled') : ending);
  }

  /** The shutdown stops the agent; what has not ended within the limit is requeued. */
  handOver(timeoutMs: number): void {
    if (this.#over) return;
    if (this.#stopped) return this.#obeyed();
    this.#handsOver = true;
    this.#limit = setTimeout(() => this.leave({ delayMs: 0 }), timeoutMs).unref();
    this.abort('drain');
  }

  /** Ends the turn without a state, after the events accepted before. A state that already ends the turn stays. */
  leave(how: RequeueOptions): void {
    if (this.#over) return;
    const { manager } = this;
    if (manager.terminal || manager.state === 'TASK_STATE_INPUT_REQUIRED') return this.finish(COMPLETED);
    this.#over = true;
    this.left = how;
    clearTimeout(this.#limit);
    this.consumer.agentDone();
  }

  /** Another run owns the task: nothing more can be written. */
  lose(): void {
    this.#over = this.lost = true;
    clearTimeout(this.#limit);
    this.abort('lost-ownership');
    this.consumer.agentDone();
    void this.#queue.close({ immediate: true });
  }

  /** Ends the turn after the events accepted before. A state that already ends the turn stays. Idempotent. */
  finish(ending: TurnOutcome): void {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#limit);
    const { manager } = this;
    if (manager.terminal || (ending === COMPLETED && isInterrupted(manager.state))) return this.consumer.agentDone();
    const last = manager.status(statusFromOutcome(ending, this.updater), false);
    void this.#queue
      .enqueueEvent(last)
      .catch(() => undefined)
      .then(() => this.consumer.agentDone());
  }

  #threw(error: unknown): void {
    const { taskId } = this.context;
    if (this.#stopped) return this.#obeyed();
    const delayMs = error instanceof TransientAgentError ? retryDelay(this.agent, this.failures, error) : undefined;
    if (delayMs !== undefined) {
      log.warn(
        `Agent '${this.agent.id}' failed on task ${taskId}, which is tried again in ${delayMs} ms: ${briefTextOfError(error)}`,
      );
      return this.leave({ delayMs, failed: true });
    }
    const ending = this.#endingOf(error);
    const incident = ending.incident ? ` (incident ${ending.incident})` : '';
    if (ending.state === 'TASK_STATE_REJECTED')
      log.warn(`Agent '${this.agent.id}' refused the caller of task ${taskId} (${ending.reason}).`);
    else log.error(`Agent '${this.agent.id}' failed on task ${taskId}${incident}`, error);
    this.finish(ending);
    // Stops what the agent has started and did not await.
    this.abort('failed');
  }

  /** Nothing awaits the call any more. */
  readonly #late = (error: unknown): void =>
    log.error(`Agent '${this.agent.id}' left an error uncaught after its call on task ${this.context.taskId}`, error);

  #endingOf(error: unknown): TurnOutcome {
    const ending = outcomeFromError(error);
    return error instanceof TransientAgentError
      ? retriesExhausted(retryOf(this.agent).maxAttempts, ending.incident)
      : ending;
  }

  /** The agent stopped because it was told to. */
  #obeyed(): void {
    const why = this.#stopped?.why ?? 'canceled';
    if (why === 'drain' && this.#handsOver) this.leave({ delayMs: 0 });
    else this.finish(outcomeFromAbort(why));
  }
}
