import { Inject, Injectable } from '@nestjs/common';
import { AGENT_REGISTRY, type AgentRegistry, type RegisteredAgent } from '../agents/agent-registry.interface.js';
import { isLarge, turnOfItsOwn } from '../common/large-json.js';
import type { ActiveRun } from '../execution/runs/active-run.js';
import { DrainService } from '../execution/drain.service.js';
import { FollowUpStarter } from '../execution/runs/follow-up.starter.js';
import { DirectReplyRunner } from '../execution/runs/direct-reply.runner.js';
import { RunLauncher } from '../execution/runs/run.launcher.js';
import { TaskStarter } from '../execution/runs/task.starter.js';
import { endedByShutdown } from '../execution/runs/turn-outcome.js';
import { invalidParams, resourceExhausted, taskNotFound, unsupportedOperation } from '../protocol/errors/index.js';
import type { Message, SendMessageRequest, Task } from '../protocol/model/index.js';
import { isTerminal } from '../protocol/state/task-state.js';
import type { CallContext } from '../security/call-context.js';
import type { PushConfig } from '../tasks/push-config-store.interface.js';
import type { TaskRecord } from '../tasks/task-record.js';
import { askGuards } from './agent.guards.js';
import { bytesOf, MessageBacklog } from './message.backlog.js';
import { messageDigest } from './message-digest.js';
import { PushConfigs, withoutPushConfig } from './push-configs.js';
import { assertAcceptedParts, assertRequiredExtensions } from './agent-requirements.js';
import { withMembers } from '../common/with-members.js';

/**
 * What happened to a message. `message`: the agent's answer. `started`: a new task that runs here. `waiting`: a new task that is queued.
 * `queued`: its turn begins, or has begun, somewhere after `afterSeq` of a task's log; `again`: it was sent before. `known`: it was sent
 * before and created this task; nothing was started.
 */
export type Intake =
  | { readonly kind: 'message'; readonly message: Message }
  | { readonly kind: 'started'; readonly taskId: string; readonly run: ActiveRun; readonly task: Task }
  | { readonly kind: 'waiting'; readonly taskId: string; readonly task: Task }
  | QueuedMessage
  | { readonly kind: 'known'; readonly taskId: string };

export interface QueuedMessage {
  readonly kind: 'queued';
  readonly taskId: string;
  readonly afterSeq: number;
  /** As it was sent. */
  readonly message: Message;
  readonly again: boolean;
}

/**
 * Accepts messages, durably and once: the same owner, tenant, agent, messageId and content never starts a second run, unless the option
 * `deduplicateMessages` is off. Other content under a used messageId is refused for callers with an identity, and is a new message for
 * anonymous ones.
 */
@Injectable()
export class MessageReceiver {
  constructor(
    @Inject(AGENT_REGISTRY) private readonly agents: AgentRegistry,
    private readonly launcher: RunLauncher,
    private readonly starter: TaskStarter,
    private readonly replies: DirectReplyRunner,
    private readonly followUps: FollowUpStarter,
    private readonly drain: DrainService,
    private readonly pushConfigs: PushConfigs,
    private readonly backlog: MessageBacklog,
  ) {}

  accept(request: SendMessageRequest, caller: CallContext): Promise<Intake> {
    this.drain.assertOpen();
    const agent = this.agent(caller);
    const bytes = bytesOf(request);
    // An agent that may reply directly runs first and has a slot for that; a direct reply does not wait for the storage.
    if (agent.options.replies !== 'task' && request.message.taskId === undefined)
      return this.#accept(agent, request, caller, bytes);
    const waiting = this.backlog.enter(request, caller, bytes);
    const release = (): void => waiting.release();
    const accepted = this.#accept(agent, request, caller, bytes);
    accepted.then(release, release);
    return accepted;
  }

  async #accept(
    agent: RegisteredAgent,
    request: SendMessageRequest,
    caller: CallContext,
    bytes: number,
  ): Promise<Intake> {
    assertRequiredExtensions(agent.options.extensions, caller.requestedExtensions);
    const hasConfig = request.configuration?.taskPushNotificationConfig !== undefined;
    if (hasConfig) this.pushConfigs.assertSupported(caller);
    assertAcceptedParts(request.message.parts, agent.options.inputModes);
    if (isLarge(bytes)) await turnOfItsOwn();
    const digest = messageDigest(request.message);
    if (isLarge(bytes)) await turnOfItsOwn();
    if (request.message.taskId !== undefined)
      return this.#followUp(agent, request, request.message.taskId, digest, caller);
    const starter = agent.options.replies === 'task' ? this.starter : this.replies;
    const ids = TaskStarter.ids(request.message);
    if (agent.admit) await askGuards(agent, 'message', request, { ...ids, turn: 1 }, caller);
    const pushConfig = hasConfig ? await this.#pushConfig(request, ids.taskId, digest, caller) : undefined;
    const shown = hasConfig ? withoutPushConfig(request) : request;
    let result = await starter.start(agent, shown, digest, caller, { pushConfig, ...ids });
    // A message whose task was ended by a shutdown starts a new task and is then known by that one: once, however often it is sent.
    while (result.kind === 'duplicate' && (await this.#endedByShutdown(caller, result.taskId))) {
      const messageKey = `after:${result.taskId}`;
      result = await starter.start(agent, shown, digest, caller, { pushConfig, messageKey, ...ids });
    }
    if (result.kind === 'message') return result;
    if (result.kind === 'duplicate') return known(result);
    if (result.kind === 'waiting') return { kind: 'waiting', taskId: result.task.id, task: result.task };
    return { kind: 'started', taskId: result.task.id, run: result.run, task: result.task };
  }

  agent(caller: CallContext): RegisteredAgent {
    const agent = this.agents.get(caller.agent);
    if (!agent) throw unsupportedOperation(`There is no agent '${caller.agent}' here.`);
    return agent;
  }

  async #endedByShutdown(caller: CallContext, taskId: string): Promise<boolean> {
    const { store } = this.launcher.ports;
    if ((await store.head(caller, taskId))?.state !== 'TASK_STATE_FAILED') return false;
    const ended = await store.get(caller, taskId);
    return ended !== undefined && endedByShutdown(ended.task.status);
  }

  async #followUp(
    agent: RegisteredAgent,
    request: SendMessageRequest,
    taskId: string,
    digest: string,
    caller: CallContext,
  ): Promise<Intake> {
    const { message, metadata, configuration } = withoutPushConfig(request);
    const head = await this.#task(message, taskId, digest, caller);
    if (agent.admit) await askGuards(agent, 'message', request, { ...head, turn: head.turn + 1 }, caller);
    const call = this.launcher.storedCall(caller);
    const entry = {
      message: withMembers(message, { contextId: head.contextId }),
      metadata,
      configuration,
      call,
      acceptedAt: Date.now(),
    };
    const { ports, options } = this.launcher;
    const key = this.launcher.messageKey(message, digest, caller);
    const config = await this.#pushConfig(request, taskId, digest, caller);
    const put = await ports.inbox.put(caller, taskId, entry, digest, options.inboxLimit, {
      key,
      pushConfig: config && { config, limit: this.pushConfigs.limit },
    });
    if (put.result === 'missing') throw taskNotFound(taskId);
    if (put.result === 'terminal') throw ended(taskId);
    if (put.result === 'configs-full') throw this.pushConfigs.tooMany(taskId);
    if (put.result === 'full') {
      throw resourceExhausted(
        `${options.inboxLimit} messages wait for task ${taskId} already. Send again when it answers.`,
        5,
      );
    }
    const again = put.result === 'duplicate';
    if (put.result === 'duplicate') known(put);
    // Also for a repeated send: the first one may have been stored and then failed before its turn was claimed.
    await this.followUps.start(agent, caller, taskId);
    return { kind: 'queued', taskId, afterSeq: again ? 0 : head.lastSeq, message, again };
  }

  async #task(message: Message, taskId: string, digest: string, caller: CallContext): Promise<TaskRecord> {
    const head = await this.launcher.ports.store.head(caller, taskId);
    if (!head) throw taskNotFound(taskId);
    if (message.contextId !== undefined && message.contextId !== head.contextId) {
      throw invalidParams([{ field: 'message.contextId', description: `is not the context of task ${taskId}` }]);
    }
    if (isTerminal(head.state) && !(await this.#sentBefore(message, digest, caller))) throw ended(taskId);
    return head;
  }

  /** A repeated message is answered as such, whatever the current capacity. */
  async #pushConfig(
    request: SendMessageRequest,
    taskId: string,
    digest: string,
    caller: CallContext,
  ): Promise<PushConfig | undefined> {
    const config = this.pushConfigs.inline(request, taskId, caller);
    if (!config) return undefined;
    try {
      await this.pushConfigs.admitInline(config, taskId, request, caller);
    } catch (error) {
      if (!(await this.#sentBefore(request.message, digest, caller))) throw error;
    }
    return this.pushConfigs.sealed(config, taskId);
  }

  async #sentBefore(message: Message, digest: string, caller: CallContext): Promise<boolean> {
    const key = this.launcher.messageKey(message, digest, caller);
    return (await this.launcher.ports.store.byMessageId(caller, key)) !== undefined;
  }
}

function known({ taskId, sameContent }: { taskId: string; sameContent: boolean }): Extract<Intake, { kind: 'known' }> {
  if (sameContent) return { kind: 'known', taskId };
  throw invalidParams([
    {
      field: 'message.messageId',
      description: 'was sent before with other content; give each message an id of its own',
    },
  ]);
}

const ended = (taskId: string) =>
  unsupportedOperation(
    `Task ${taskId} has ended and takes no more messages. Send one without taskId to start a new task.`,
    {
      metadata: { taskId },
    },
  );
