import { Injectable } from '@nestjs/common';
import { v7 as uuid } from 'uuid';
import type { RegisteredAgent } from '../agents/agent-registry.interface.js';
import type { Message, SendMessageRequest, Task, TaskEvent } from '../protocol/model/index.js';
import type { CallContext } from '../security/call-context.js';
import { pendingEvent } from '../tasks/pending-event.js';
import type { ActiveRun } from './active-run.js';
import { referencedTasksOf } from './referenced-tasks.js';
import { RunLauncher } from './run.launcher.js';

/** `duplicate`: this messageId was sent before, and made this task. */
export type StartResult =
  | { readonly kind: 'started'; readonly run: ActiveRun; readonly task: Task }
  | { readonly kind: 'duplicate'; readonly taskId: string; readonly sameContent: boolean };

export interface NewTaskIds {
  readonly taskId: string;
  readonly contextId: string;
}

/** Makes a new task of a message, durably, and runs it here. */
@Injectable()
export class TaskStarter {
  constructor(private readonly launcher: RunLauncher) {}

  static ids(message: Message): NewTaskIds {
    return { taskId: uuid(), contextId: message.contextId ?? uuid() };
  }

  /** `agent` runs the first turn; the event loop is not left between the commit and its start. */
  async start(
    agent: RegisteredAgent,
    request: SendMessageRequest,
    digest: string,
    caller: CallContext,
    ids = TaskStarter.ids(request.message),
  ): Promise<StartResult> {
    const { store, queues, bus } = this.launcher.ports;
    const message = { ...request.message, ...ids };
    const referencedTasks = await referencedTasksOf(store, caller, message, this.launcher.options.maxReferencedTasks);
    const event = pendingEvent(submitted(ids, message));
    const created = await store.create(caller, {
      ...ids,
      event,
      runOwner: this.launcher.replica.id,
      messageId: message.messageId,
      digest,
    });
    if (!created.created) return { kind: 'duplicate', taskId: created.taskId, sameContent: created.sameContent };
    queues.publish(ids.taskId, [created.event]);
    bus.wake([{ taskId: ids.taskId, seq: 1 }]);
    const task = taskOf(created.event.event);
    const { metadata, configuration } = request;
    // The agent gets objects of its own: what it changes in them is neither stored nor shown to others.
    const currentTask = taskOf(JSON.parse(created.event.text) as TaskEvent);
    const own = currentTask.history?.[0] ?? message;
    const run = this.launcher.launch(agent, {
      claimed: { run: created.run, state: task.status.state, lastSeq: 1, bytes: event.bytes, turn: 1, attempt: 1 },
      task: taskOf(submitted(ids, message, task.status.timestamp)),
      first: { message: own, currentTask, metadata, configuration, referencedTasks, turn: 1, attempt: 1, caller },
    });
    return { kind: 'started', run, task };
  }
}

function submitted(
  { taskId, contextId }: NewTaskIds,
  message: Message,
  timestamp = new Date().toISOString(),
): { task: Task } {
  return { task: { id: taskId, contextId, status: { state: 'TASK_STATE_SUBMITTED', timestamp }, history: [message] } };
}

function taskOf(event: TaskEvent): Task {
  if ('task' in event) return event.task;
  throw new TypeError('The first event of a log is its task.');
}
