import { Injectable } from '@nestjs/common';
import { activeExtensions } from '../../agents/active-extensions.js';
import { RunAborted } from '../../agents/agent-executor.interface.js';
import type { RegisteredAgent } from '../../agents/agent-registry.interface.js';
import { RequestContext } from '../../agents/request-context.js';
import { TransientAgentError } from '../../agents/transient-agent.error.js';
import { TaskUpdater } from '../../agents/task-updater.js';
import { A2AError, internal, invalidAgentResponse, unavailable } from '../../protocol/errors/index.js';
import type { Message, SendMessageRequest } from '../../protocol/model/index.js';
import type { CallContext } from '../../security/call-context.js';
import { SafeLogger } from '../../common/safe-logger.js';
import { briefTextOfError } from '../../common/text-of-error.js';
import { atCapacity } from '../queue/queue.limits.js';
import type { RunSlot } from '../queue/run.slots.js';
import { referencedTasksOf } from './referenced-tasks.js';
import { FirstEventGate } from './first-event.gate.js';
import { retryOf } from '../recovery/retry.policy.js';
import { RunLauncher } from './run.launcher.js';
import { callAgent } from './stray-errors.js';
import { type NewTaskFields, type NewTaskIds, type StartResult, TaskStarter } from './task.starter.js';

export type ReplyResult = StartResult | { readonly kind: 'message'; readonly message: Message };

/**
 * Runs agents that declare `replies: 'message'` or `'either'`: nothing is stored or acknowledged until the first event decides. If that is
 * a task event, the task is created then, and the run in progress becomes its first turn.
 */
@Injectable()
export class DirectReplyRunner {
  readonly #log = new SafeLogger(DirectReplyRunner.name);

  constructor(
    private readonly launcher: RunLauncher,
    private readonly starter: TaskStarter,
  ) {}

  /**
   * Throws RESOURCE_EXHAUSTED when there is no capacity, INVALID_AGENT_RESPONSE when the agent gives no answer or not in time, INTERNAL
   * when it throws.
   */
  async start(
    agent: RegisteredAgent,
    request: SendMessageRequest,
    digest: string,
    caller: CallContext,
    fields: NewTaskFields = TaskStarter.ids(request.message),
  ): Promise<ReplyResult> {
    const known = await this.#known(
      agent,
      fields.messageKey ?? this.launcher.messageKey(request.message, digest, caller),
      digest,
      caller,
    );
    if (known) return known;
    const place = this.launcher.room.tryAcquire(agent, caller);
    if (!place) throw atCapacity();
    const abort = new AbortController();
    const result = this.#start(agent, request, digest, caller, fields, abort, place).finally(() => {
      if (this.launcher.registry.get(fields.taskId)?.place !== place) place.release();
    });
    this.launcher.registry.hold(result, abort);
    return result;
  }

  /** A message that created a task before does not run the agent again. */
  async #known(
    agent: RegisteredAgent,
    messageKey: string,
    digest: string,
    caller: CallContext,
  ): Promise<ReplyResult | undefined> {
    if (agent.options.replies !== 'either') return undefined;
    const sent = await this.launcher.ports.store.byMessageId(caller, messageKey);
    return sent && { kind: 'duplicate', taskId: sent.taskId, sameContent: sent.digest === digest };
  }

  async #start(
    agent: RegisteredAgent,
    request: SendMessageRequest,
    digest: string,
    caller: CallContext,
    fields: NewTaskFields,
    abort: AbortController,
    place: RunSlot,
  ): Promise<ReplyResult> {
    const { taskId, contextId } = fields;
    const ids = { taskId, contextId };
    const gate = new FirstEventGate(agent.options.replies === 'either');
    const giveUp = (why: RunAborted['why']): void => {
      abort.abort(new RunAborted(why));
      gate.refuse(abort.signal.reason as RunAborted);
    };
    const done = this.#execute(agent, request, ids, caller, gate, abort.signal);
    void done.catch(() => undefined);
    const decision = await this.#decision(agent, gate, done, abort).catch((error: unknown) => {
      giveUp('deadline');
      throw error;
    });
    if (decision.kind === 'message') {
      void done.catch((error: unknown) =>
        this.#log.warn(`Agent '${agent.id}' failed after its answer: ${briefTextOfError(error)}`),
      );
      return { kind: 'message', message: { ...decision.message, contextId: ids.contextId, taskId: undefined } };
    }
    try {
      const result = await this.starter.start(
        underWay(agent, gate, abort, done),
        request,
        digest,
        caller,
        fields,
        place,
      );
      if (result.kind === 'duplicate') giveUp('lost-ownership');
      return result;
    } catch (error) {
      giveUp('lost-ownership');
      throw error;
    }
  }

  async #execute(
    agent: RegisteredAgent,
    request: SendMessageRequest,
    ids: NewTaskIds,
    caller: CallContext,
    gate: FirstEventGate,
    signal: AbortSignal,
  ): Promise<void> {
    const { ports, options } = this.launcher;
    // A copy: what the agent changes in it must not get into the task created from the request.
    const message = { ...structuredClone(request.message), contextId: ids.contextId };
    const referencedTasks = await referencedTasksOf(ports.store, caller, message, options.maxReferencedTasks);
    const { metadata, configuration } = request;
    const activatedExtensions = activeExtensions(agent.options.extensions, caller.requestedExtensions);
    const told = { message, metadata, configuration, referencedTasks, caller, activatedExtensions };
    const context = new RequestContext({ ...ids, ...told, signal, turn: 1, attempt: 1 });
    const updater = new TaskUpdater(gate, ids.taskId, ids.contextId);
    const late = (error: unknown): void =>
      this.#log.error(`Agent '${agent.id}' left an error uncaught after its call`, error);
    await callAgent(() => agent.execute(context, updater), late);
  }

  async #decision(agent: RegisteredAgent, gate: FirstEventGate, done: Promise<void>, abort: AbortController) {
    let timer: NodeJS.Timeout | undefined;
    const limit = agent.options.deadlineMs ?? this.launcher.options.deadlineMs;
    const late = new Promise<'late'>((resolve) => (timer = setTimeout(resolve, limit, 'late').unref()));
    const stopped = new Promise<'stopped'>((resolve) =>
      abort.signal.addEventListener('abort', () => resolve('stopped'), { once: true }),
    );
    try {
      const first = await Promise.race([gate.decided, stopped, done.then(() => 'nothing' as const), late]);
      if (first === 'nothing') throw invalidAgentResponse('The agent answered nothing.');
      if (first === 'stopped') throw unavailable('The server was shut down before the agent answered. Send it again.');
      if (first !== 'late') return first;
      throw invalidAgentResponse('The agent did not answer within its deadline.');
    } catch (error) {
      if (error instanceof A2AError) throw error;
      if (error instanceof TransientAgentError) throw transient(agent, error);
      this.#log.error(`Agent '${agent.id}' failed`, error);
      throw internal(error);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Nothing is stored, so nothing can be retried. */
function transient(agent: RegisteredAgent, error: TransientAgentError): A2AError {
  const afterMs = error.retryAfterMs ?? retryOf(agent).delayMs;
  return unavailable('The agent cannot answer now. Try again.', error, Math.max(1, Math.ceil(afterMs / 1_000)));
}

/** Wraps the run in progress as the agent of the task that was created for it. */
function underWay(
  agent: RegisteredAgent,
  gate: FirstEventGate,
  abort: AbortController,
  done: Promise<void>,
): RegisteredAgent {
  return {
    id: agent.id,
    options: agent.options,
    className: agent.className,
    instance: agent.instance,
    cancel: agent.cancel && ((context, updater) => agent.cancel?.(context, updater) ?? Promise.resolve()),
    execute: (context, updater) => {
      // The run in progress is the first turn. Later messages go to the agent itself.
      if (context.turn > 1) return agent.execute(context, updater);
      const pass = (): void => abort.abort(context.signal.reason);
      context.signal.addEventListener('abort', pass, { once: true });
      if (context.signal.aborted) pass();
      gate.forward(updater);
      return done;
    },
  };
}
