import { Injectable, Logger } from '@nestjs/common';
import { RunAborted } from '../agents/agent-executor.interface.js';
import type { RegisteredAgent } from '../agents/agent-registry.interface.js';
import { RequestContext } from '../agents/request-context.js';
import { TaskUpdater } from '../agents/task-updater.js';
import { A2AError, internal, invalidAgentResponse } from '../protocol/errors/index.js';
import type { Message, SendMessageRequest } from '../protocol/model/index.js';
import type { CallContext } from '../security/call-context.js';
import { referencedTasksOf } from './referenced-tasks.js';
import { ReplyGate } from './reply.gate.js';
import { RunLauncher } from './run.launcher.js';
import { type NewTaskIds, type StartResult, TaskStarter } from './task.starter.js';

export type ReplyResult = StartResult | { readonly kind: 'message'; readonly message: Message };

/**
 * Runs agents that declare `replies: 'message'` or `'either'`: nothing is stored or acknowledged until the first event
 * decides. If that is a task event, the task is made then, and the run that is under way goes on as its first turn.
 */
@Injectable()
export class ReplyStarter {
  readonly #log = new Logger(ReplyStarter.name);

  constructor(
    private readonly launcher: RunLauncher,
    private readonly starter: TaskStarter,
  ) {}

  /** Throws INVALID_AGENT_RESPONSE when the agent answers nothing or not in time, INTERNAL when it throws. */
  async start(
    agent: RegisteredAgent,
    request: SendMessageRequest,
    digest: string,
    caller: CallContext,
  ): Promise<ReplyResult> {
    const ids = TaskStarter.ids(request.message);
    const gate = new ReplyGate(agent.options.replies === 'either');
    const abort = new AbortController();
    const done = this.#execute(agent, request, ids, caller, gate, abort.signal);
    const decision = await this.#decision(agent, gate, done, abort);
    if (decision.kind === 'message') {
      void done.catch((error: unknown) =>
        this.#log.warn(`Agent '${agent.id}' failed after its answer: ${String(error)}`),
      );
      return { kind: 'message', message: { ...decision.message, contextId: ids.contextId, taskId: undefined } };
    }
    const result = await this.starter.start(underWay(agent, gate, abort, done), request, digest, caller, ids);
    if (result.kind === 'duplicate') abort.abort(new RunAborted('lost-ownership'));
    return result;
  }

  async #execute(
    agent: RegisteredAgent,
    request: SendMessageRequest,
    ids: NewTaskIds,
    caller: CallContext,
    gate: ReplyGate,
    signal: AbortSignal,
  ): Promise<void> {
    const { ports, options } = this.launcher;
    const message = { ...request.message, contextId: ids.contextId };
    const referencedTasks = await referencedTasksOf(ports.store, caller, message, options.maxReferencedTasks);
    const { metadata, configuration } = request;
    const fields = { ...ids, message, metadata, configuration, referencedTasks, signal, turn: 1, attempt: 1, caller };
    await agent.execute(new RequestContext(fields), new TaskUpdater(gate, ids.taskId, ids.contextId));
  }

  async #decision(agent: RegisteredAgent, gate: ReplyGate, done: Promise<void>, abort: AbortController) {
    let timer: NodeJS.Timeout | undefined;
    const limit = agent.options.deadlineMs ?? this.launcher.options.deadlineMs;
    const late = new Promise<'late'>((resolve) => (timer = setTimeout(resolve, limit, 'late').unref()));
    try {
      const first = await Promise.race([gate.decided, done.then(() => 'nothing' as const), late]);
      if (first === 'nothing') throw invalidAgentResponse('The agent answered nothing.');
      if (first !== 'late') return first;
      abort.abort(new RunAborted('deadline'));
      void done.catch(() => undefined);
      throw invalidAgentResponse('The agent did not answer within its deadline.');
    } catch (error) {
      if (error instanceof A2AError) throw error;
      this.#log.error(`Agent '${agent.id}' failed`, error instanceof Error ? error.stack : error);
      throw internal(error);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** The agent whose run is under way, as the agent of the task that was made for it. */
function underWay(
  agent: RegisteredAgent,
  gate: ReplyGate,
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
      context.signal.addEventListener('abort', () => abort.abort(context.signal.reason), { once: true });
      gate.forward(updater);
      return done;
    },
  };
}
