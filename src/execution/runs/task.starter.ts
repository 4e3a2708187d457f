import { Injectable } from '@nestjs/common';
import { newId } from '../../protocol/ids.js';
import { isLarge, turnOfItsOwn } from '../../common/turn-of-its-own.js';
import type { RegisteredAgent } from '../../agents/agent-registry.interface.js';
import { cloneJson } from '../../protocol/clone-json.js';
import type { Message, SendMessageRequest, Task } from '../../protocol/model/index.js';
import type { CallContext } from '../../security/call-context.js';
import { pendingEvent } from '../../tasks/pending-event.js';
import type { PushConfig } from '../../tasks/push-config-store.interface.js';
import type { ClaimedRun } from '../../tasks/run-store.interface.js';
import { firstRequest } from '../../tasks/turn-request.js';
import type { ActiveRun } from './active-run.js';
import { type Joined, QueueLimits } from '../queue/queue.limits.js';
import { QueuedTaskDispatcher } from '../queue/queued-task.dispatcher.js';
import type { RunSlot } from '../queue/run.slots.js';
import { referencedTasksOf } from './referenced-tasks.js';
import { RunLauncher } from './run.launcher.js';
import { statusNow } from '../../tasks/status-clock.js';

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
  ) {}

  static ids(message: Message): NewTaskIds {
    return { taskId: newId(), contextId: message.contextId ?? newId() };
  }

  /**
   * `agent` runs the first turn, in the slot `place` or in a free one. Nothing is awaited between the commit and its start. Throws
   * RESOURCE_EXHAUSTED when there is no capacity and the run queue is full.
   */
  async start(
    agent: RegisteredAgent,
    request: SendMessageRequest,
    digest: string,
    caller: CallContext,
    fields: NewTaskFields = TaskStarter.ids(request.message),
    place = this.launcher.room.tryAcquire(agent, caller),
  ): Promise<StartResult> {
    const start = (): Promise<StartResult> => this.#start(agent, request, digest, caller, fields, place);
    try {
      return await this.launcher.starts.byTask.runExclusive(fields.taskId, start);
    } finally {
      if (this.launcher.registry.get(fields.taskId)?.place !== place) place?.release();
    }
  }

  async #start(
    agent: RegisteredAgent,
    request: SendMessageRequest,
    digest: string,
    caller: CallContext,
    { pushConfig, messageKey, ...ids }: NewTaskFields,
    place: RunSlot | undefined,
  ): Promise<StartResult> {
    const { store, queues } = this.launcher.ports;
    const messageId = messageKey ?? this.launcher.messageKey(request.message, digest, caller);
    let joined: Joined | undefined;
    try {
      if (!place) joined = await this.limits.join(caller);
    } catch (error) {
      // A message that created its task before needs no capacity.
      const sent = await store.byMessageId(caller, messageId);
      if (!sent) throw error;
      return { kind: 'duplicate', taskId: sent.taskId, sameContent: sent.digest === digest };
    }
    const message = { ...request.message, ...ids };
    const referencedTasks = await referencedTasksOf(store, caller, message, this.launcher.options.maxReferencedTasks);
    const task = submitted(ids, message);
    const { metadata, configuration } = request;
    const event = pendingEvent({ task }, undefined, firstRequest({ metadata, configuration, call: caller }));
    if (isLarge(event.bytes)) await turnOfItsOwn();
    // The agent gets its own copies: what it changes in them is neither stored nor shown to others.
    const own = cloneJson(message);
    if (isLarge(event.bytes)) await turnOfItsOwn();
    const runOwner = this.launcher.replica.owner();
    const created = await store.create(caller, {
      ...ids,
      event,
      ...(place && { runOwner }),
      messageId,
      digest,
      ...(pushConfig && { pushConfig }),
    });
    if (!created.created) {
      joined?.leave();
      return { kind: 'duplicate', taskId: created.taskId, sameContent: created.sameContent };
    }
    queues.publish(ids.taskId, [created.event]);
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
      losses: 0,
      failures: 0,
    };
    const claimed = await this.#owned({ run: created.run, ...position }, runOwner);
    if (!claimed) return { kind: 'duplicate', taskId: ids.taskId, sameContent: true };
    const run = this.launcher.launch(
      agent,
      {
        claimed,
        task: { ...task, history: [message] },
        first: {
          message: own,
          currentTask: () => cloneJson(task),
          metadata,
          configuration,
          referencedTasks,
          turn: 1,
          attempt: 1,
          caller,
        },
      },
      place,
    );
    return { kind: 'started', run, task };
  }

  /** Reclaims the task if the lease was lost while it was created. undefined: another process will find it. */
  async #owned(made: ClaimedRun, owner: string): Promise<ClaimedRun | undefined> {
    const { ports, replica } = this.launcher;
    if (replica.id === owner) return made;
    const { id, held } = replica;
    const claimed = held ? await ports.runs.reclaim(made.run, owner, id, false) : undefined;
    return replica.id === id ? claimed : undefined;
  }
}

function submitted({ taskId, contextId }: NewTaskIds, message: Message): Task {
  const timestamp = statusNow();
  return { id: taskId, contextId, status: { state: 'TASK_STATE_SUBMITTED', timestamp }, history: [message] };
}
