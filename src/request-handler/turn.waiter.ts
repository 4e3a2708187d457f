import { Inject, Injectable } from '@nestjs/common';
import { DrainService } from '../execution/drain.service.js';
import { RunLauncher } from '../execution/runs/run.launcher.js';
import { TASK_CURSORS, type TaskCursors } from '../events/task-cursor.interface.js';
import { taskNotFound, unsupportedOperation } from '../protocol/errors/index.js';
import type { Message, Task } from '../protocol/model/index.js';
import { isTerminal } from '../protocol/state/task-state.js';
import type { CallContext } from '../security/call-context.js';
import type { CommittedEvent } from '../tasks/committed-event.js';
import { ResultAggregator, answersBlocking } from '../tasks/result-aggregator.js';
import { TaskDocuments } from '../tasks/task-documents.js';
import { taskAsOf } from '../tasks/task-as-of.js';
import { messageDigest } from './message-digest.js';
import type { QueuedMessage } from './message.receiver.js';
import { withMembers } from '../common/with-members.js';

/** Waits for the result of a message, on whichever replica the task runs. */
@Injectable()
export class TurnWaiter {
  constructor(
    private readonly launcher: RunLauncher,
    @Inject(TASK_CURSORS) private readonly cursors: TaskCursors,
    private readonly drain: DrainService,
    private readonly documents: TaskDocuments,
  ) {}

  /**
   * The seq of the event that consumed the message; undefined when the signal ends the wait. Throws when the task ends first, UNAVAILABLE
   * when a shutdown ends the wait.
   */
  async turnStart(caller: CallContext, queued: QueuedMessage, signal?: AbortSignal): Promise<number | undefined> {
    const { taskId, afterSeq, message } = queued;
    for await (const batch of this.cursors.open({ context: caller, taskId, afterSeq, endsAt: isTerminal, signal })) {
      for (const item of batch) {
        if (item.type === 'snapshot') return item.seq;
        if (carries(item.event, message)) return item.seq;
      }
    }
    if (signal?.aborted) return undefined;
    this.drain.assertNotClosed();
    throw unsupportedOperation(`Task ${taskId} ended before it took the message.`, { metadata: { taskId } });
  }

  /** The task at the first state after `afterSeq` (absent: the current state or a later one) that answers a blocking call. */
  async answer(caller: CallContext, taskId: string, afterSeq?: number, signal?: AbortSignal): Promise<Task> {
    const stream = this.cursors.open({ context: caller, taskId, afterSeq, endsAt: answersBlocking, signal });
    const task = await this.results(caller, taskId).atEnd(stream);
    // A shutdown ends all readers: the awaited state has not come.
    if (!signal?.aborted && !answersBlocking(task.status.state)) this.drain.assertNotClosed();
    return task;
  }

  results(caller: CallContext, taskId: string): ResultAggregator {
    return new ResultAggregator(
      () => this.#snapshot(caller, taskId),
      (seq) => taskAsOf(this.launcher.ports.store, caller, taskId, seq),
    );
  }

  async task(caller: CallContext, taskId: string): Promise<Task> {
    return (await this.#snapshot(caller, taskId)).task;
  }

  async #snapshot(caller: CallContext, taskId: string): Promise<{ task: Task; seq: number }> {
    const found = await this.documents.get(caller, taskId);
    if (!found) throw taskNotFound(taskId);
    return { task: found.document.task, seq: found.seq };
  }
}

/** Also compares the content: an anonymous caller may reuse an id. */
function carries(event: CommittedEvent, { messageId, contextId, ...sent }: Message): boolean {
  if (!event.inbound?.includes(JSON.stringify(messageId))) return false;
  const message: Message | undefined = event.inboundMessage;
  if (message?.messageId !== messageId) return false;
  // The server added the context id.
  return (
    messageDigest(withMembers(message, { contextId })) === messageDigest(withMembers(sent, { messageId, contextId }))
  );
}
