import { Logger } from '@nestjs/common';
import { activeExtensions } from '../agents/active-extensions.js';
import { type AgentEvent, type AgentEventSink, RunAborted } from '../agents/agent-executor.interface.js';
import type { RegisteredAgent } from '../agents/agent-registry.interface.js';
import { RequestContext, type RequestContextFields } from '../agents/request-context.js';
import { TaskUpdater } from '../agents/task-updater.js';
import { EventConsumer } from '../events/event-consumer.js';
import { EventQueue } from '../events/event-queue.js';
import { QueueClosedError } from '../events/events.errors.js';
import { isInterrupted } from '../protocol/state/task-state.js';
import type { PendingEvent } from '../tasks/pending-event.js';
import type { TaskManager } from '../tasks/task.manager.js';
import { TaskTooLargeError } from '../tasks/task-too-large.error.js';
import { COMPLETED, type TurnEnding, endingOfAbort, endingOfError, statusOfEnding } from './turn-ending.js';

const log = new Logger('Turn');

export type TurnFields = Omit<RequestContextFields, 'signal' | 'taskId' | 'contextId'>;

/**
 * One call of an agent: from the message to a terminal or interrupted state. What the agent emits is checked and serialised
 * at once and waits, bounded, for the writer; when the turn is over, the agent's late events are refused.
 */
export class Turn implements AgentEventSink {
  readonly #abort = new AbortController();
  readonly #queue = new EventQueue<PendingEvent>({ sizeOf: (event) => event.bytes });
  readonly context: RequestContext;
  readonly updater: TaskUpdater;
  /** What the writer drains. */
  readonly consumer = new EventConsumer<PendingEvent>(this.#queue);
  #over = false;
  #lost = false;
  #limit?: NodeJS.Timeout;
  /** The agent's own `cancel`, while it decides how the turn ends. */
  #canceling?: Promise<void>;

  constructor(
    readonly agent: RegisteredAgent,
    readonly manager: TaskManager,
    fields: TurnFields,
  ) {
    const { taskId, contextId } = manager.run;
    const activatedExtensions = activeExtensions(agent.options.extensions, fields.caller.requestedExtensions);
    this.context = new RequestContext({
      ...{ ...fields, activatedExtensions, taskId, contextId },
      signal: this.#abort.signal,
    });
    this.updater = new TaskUpdater(this, taskId, contextId);
  }

  async emit(event: AgentEvent): Promise<void> {
    if (this.#over) throw new QueueClosedError();
    for (const pending of this.#accept(event)) await this.#queue.enqueueEvent(pending);
  }

  #accept(event: AgentEvent): PendingEvent[] {
    try {
      return this.manager.accept(event);
    } catch (error) {
      if (error instanceof TaskTooLargeError) this.abort('too-large', endingOfError(error));
      throw error;
    }
  }

  /** Runs the agent to its end; never rejects. */
  async execute(): Promise<void> {
    try {
      await this.agent.execute(this.context, this.updater);
      await this.#canceling;
      this.finish(this.#abort.signal.aborted ? this.#endingOfSignal() : COMPLETED);
    } catch (error) {
      await this.#canceling;
      this.#threw(error);
    }
  }

  /** The client cancels: the signal, then the agent's own `cancel`, then, after the limit, the end in any case. */
  cancel(timeoutMs: number): void {
    if (this.#limit || this.#over) return;
    this.#limit = setTimeout(() => this.finish(endingOfAbort('canceled')), timeoutMs).unref();
    this.#canceling = this.agent.cancel && this.#cancelAgent();
    this.abort('canceled');
  }

  async #cancelAgent(): Promise<void> {
    // The signal comes first, as the contract says.
    await Promise.resolve();
    try {
      await this.agent.cancel?.(this.context, this.updater);
      this.finish(endingOfAbort('canceled'));
    } catch (error) {
      const { taskId } = this.context;
      log.error(
        `cancel() of agent '${this.agent.id}' failed on task ${taskId}`,
        error instanceof Error ? error.stack : error,
      );
    }
  }

  /** Tells the agent to stop; with an ending, does not wait for it. The first reason counts. */
  abort(why: RunAborted['why'], ending?: TurnEnding): void {
    if (!this.#abort.signal.aborted) this.#abort.abort(new RunAborted(why));
    if (ending) this.finish(ending);
  }

  /** It was cut off: not all that it had to say is stored. */
  get lost(): boolean {
    return this.#lost;
  }

  /** Another run owns the task: nothing more can be written. */
  lose(): void {
    this.#over = this.#lost = true;
    clearTimeout(this.#limit);
    this.abort('lost-ownership');
    this.consumer.agentDone();
    void this.#queue.close({ immediate: true });
  }

  /** Ends the turn behind what was accepted before; a state that ends the turn already stays. Idempotent. */
  finish(ending: TurnEnding): void {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#limit);
    const { manager } = this;
    if (manager.terminal || (ending === COMPLETED && isInterrupted(manager.state))) return this.consumer.agentDone();
    const last = manager.status(statusOfEnding(ending, this.updater), false);
    void this.#queue
      .enqueueEvent(last)
      .catch(() => undefined)
      .then(() => this.consumer.agentDone());
  }

  #threw(error: unknown): void {
    const { taskId } = this.context;
    if (this.#abort.signal.aborted) return this.finish(this.#endingOfSignal());
    const ending = endingOfError(error);
    const incident = ending.incident ? ` (incident ${ending.incident})` : '';
    log.error(
      `Agent '${this.agent.id}' failed on task ${taskId}${incident}`,
      error instanceof Error ? error.stack : error,
    );
    this.finish(ending);
  }

  #endingOfSignal(): TurnEnding {
    const reason: unknown = this.#abort.signal.reason;
    return endingOfAbort(reason instanceof RunAborted ? reason.why : 'canceled');
  }
}
