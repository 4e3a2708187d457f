import { Injectable } from '@nestjs/common';
import { newId, timeOfId } from '../../protocol/ids.js';
import { isLarge, turnOfItsOwn } from '../../common/large-json.js';
import type { RegisteredAgent } from '../../agents/agent-registry.interface.js';
import { cloneJson } from '../../protocol/clone-json.js';
import type { Message, SendMessageRequest, Task } from '../../protocol/model/index.js';
import type { CallContext } from '../../security/call-context.js';
import { EventHandlers } from '../../push-notifications/event-handlers.js';
import { pendingEvent } from '../../tasks/pending-event.js';
import type { PushConfig } from '../../tasks/push-config-store.interface.js';
import type { ClaimedRun } from '../../tasks/run-store.interface.js';
import { firstRequest } from '../../tasks/turn-request.js';
import type { ActiveRun } from './active-run.js';
import { type Joined, QueueLimits } from '../queue/queue.limits.js';
import { StoredQuota } from '../queue/stored.quota.js';
import { QueuedTaskDispatcher } from '../queue/queued-task.dispatcher.js';
import type { RunSlot } from '../queue/run.slots.js';
import { referencedTasksOf } from './referenced-tasks.js';
import { RunLauncher } from './run.launcher.js';
import { statusNow } from '../../tasks/status-clock.js';
import { withMembers } from '../../common/with-members.js';

/** `waiting`: there was no capacity, so the task is queued. `duplicate`: this messageId was sent before and created this task. */
export type StartResult =
  | { readonly kind: 'started'; readonly run: ActiveRun; readonly task: Task }
  | { readonly kind: 'waiting'; readonly task: Task }
  | { readonly kind: 'duplicate'; readonly taskId: string; readonly sameContent: boolean };

export interface NewTaskIds {
  readonly taskId: string;
  readonly contextId: string;
}

/** What a task is created from, beside its message. */
export interface NewTaskFields extends NewTaskIds {
  /** Stored with the task, so it gets the task's first event. */
  readonly pushConfig?: PushConfig;
  /** The key that identifies the message when it is sent again, if not its own id. */
  readonly messageKey?: string;
}

/** Creates a task from a message, durably, and runs it here. */
@Injectable()
export class TaskStarter {
  constructor(
    private readonly launcher: RunLauncher,
    private readonly limits: QueueLimits,
    private readonly line: QueuedTaskDispatcher,
    private readonly stored: StoredQuota,
    private readonly handlers: EventHandlers,
  ) {}

  static ids(message: Message): NewTaskIds {
    return { taskId: newId(), contextId: message.contextId ?? newId() };
  }

  /**
   * `agent` runs the first turn, in the slot `place` or in a free one. Nothing is awaited between the commit and its start. Throws
   * RESOURCE_EXHAUSTED when there is no capacity and the run queue is full.
   */
  start(
    agent: RegisteredAgent,
    request: SendMessageRequest,
    digest: string,
    caller: CallContext,
    fields: NewTaskFields = TaskStarter.ids(request.message),
    place = this.launcher.room.tryAcquire(agent, caller),
  ): Promise<StartResult> {
    const { registry } = this.launcher;
    const start = (): Promise<StartResult> => this.#start(agent, request, digest, caller, fields, place);
    const started = registry.byTask.runExclusive(fields.taskId, start);
    const settle = (): void => {
      if (registry.get(fields.taskId)?.place !== place) place?.release();
    };
    started.then(settle, settle);
    return started;
  }

  async #start(
    agent: RegisteredAgent,
    request: SendMessageRequest,
    digest: string,
    caller: CallContext,
    { pushConfig, messageKey, ...ids }: NewTaskFields,
    place: RunSlot | undefined,
  ): Promise<StartResult> {
    const { store, publisher } = this.launcher.ports;
    const messageId = messageKey ?? this.launcher.messageKey(request.message, digest, caller);
    // A message that created its task before needs no capacity.
    const known = async (error: unknown): Promise<StartResult> => {
      const sent = await store.byMessageId(caller, messageId);
      if (!sent) throw error;
      return { kind: 'duplicate', taskId: sent.taskId, sameContent: sent.digest === digest };
    };
    let joined: Joined | undefined;
    try {
      if (!place) joined = await this.limits.join(caller);
    } catch (error) {
      return known(error);
    }
    const message = withMembers(request.message, ids);
    const referencedTasks = message.referenceTaskIds?.length
      ? await referencedTasksOf(store, caller, message, this.launcher.options.maxReferencedTasks)
      : [];
    const status = { state: 'TASK_STATE_SUBMITTED' as const, timestamp: statusNow() };
    const task: Task = { id: ids.taskId, contextId: ids.contextId, status, history: [message] };
    const { metadata, configuration } = request;
    const event = pendingEvent(
      { task },
      undefined,
      firstRequest({ metadata, configuration, call: this.launcher.storedCall(caller) }),
    );
    if (isLarge(event.bytes)) await turnOfItsOwn();
    // The agent gets its own copies: what it changes in them is neither stored nor shown to others.
    const own = cloneJson(message);
    if (isLarge(event.bytes)) await turnOfItsOwn();
    let counted: Joined | undefined;
    try {
      const counting = this.stored.admit(caller, event.bytes);
      counted = counting && (await counting);
    } catch (error) {
      joined?.leave();
      return known(error);
    }
    const runOwner = this.launcher.replica.owner();
    const pushConfigs = [...(pushConfig ? [pushConfig] : []), ...this.handlers.configsOf(agent.id)];
    const created = await store.create(caller, {
      event,
      messageId,
      digest,
      pushConfigs,
      ...(place && { runOwner }),
      ...ids,
    });
    if (!created.created) {
      joined?.leave();
      counted?.leave();
      return { kind: 'duplicate', taskId: created.taskId, sameContent: created.sameContent };
    }
    publisher.publish(created.run, [created.event]);
    if (!place) {
      this.line.joined();
      return { kind: 'waiting', task };
    }
    const position = {
      state: task.status.state,
      lastSeq: 1,
      bytes: event.bytes,
      turn: 1,
      attempt: 1,
      crashes: 0,
      failures: 0,
    };
    const made = { run: created.run, ...position };
    const claimed = this.launcher.replica.id === runOwner ? made : await this.#reclaimed(made, runOwner);
    if (!claimed) return { kind: 'duplicate', taskId: ids.taskId, sameContent: true };
    const run = this.launcher.launch(
      agent,
      {
        claimed,
        task: withMembers(task, { history: [message] }),
        first: {
          message: own,
          currentTask: () => cloneJson(task),
          metadata,
          configuration,
          referencedTasks,
          turn: 1,
          attempt: 1,
          caller,
          acceptedAt: timeOfId(ids.taskId),
        },
      },
      place,
    );
    return { kind: 'started', run, task };
  }

  /** The lease was lost while the task was created. undefined: another process will find it. */
  async #reclaimed(made: ClaimedRun, owner: string): Promise<ClaimedRun | undefined> {
    const { ports, replica } = this.launcher;
    const { id, held } = replica;
    const claimed = held ? await ports.runs.reclaim(made.run, owner, id, false) : undefined;
    return replica.id === id ? claimed : undefined;
  }
}
