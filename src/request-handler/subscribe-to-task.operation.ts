import { Inject, Injectable } from '@nestjs/common';
import { AGENT_REGISTRY, type AgentRegistry } from '../agents/agent-registry.interface.js';
import { taskNotFound, unsupportedOperation } from '../protocol/errors/index.js';
import type { SubscribeToTaskRequest } from '../protocol/model/index.js';
import { isTerminal } from '../protocol/state/task-state.js';
import type { CallContext } from '../security/call-context.js';
import { TASK_STORE, type TaskStore } from '../tasks/task-store.interface.js';
import { parseLastEventId } from './last-event-id.js';
import type { ItemStream, OperationOptions } from './request-handler.interface.js';
import { StreamOpener } from './stream.opener.js';

/** SubscribeToTask: the Task as it is, then its events up to the terminal state. Spec 3.1.6. */
@Injectable()
export class SubscribeToTaskOperation {
  constructor(
    @Inject(TASK_STORE) private readonly store: TaskStore,
    @Inject(AGENT_REGISTRY) private readonly agents: AgentRegistry,
    private readonly streams: StreamOpener,
  ) {}

  /**
   * For a task that has ended, v1.0 answers UNSUPPORTED_OPERATION (unless `alsoEnded`) and v0.3 the Task; with a Last-Event-ID both get the
   * rest of the interrupted stream.
   */
  async execute({ id }: SubscribeToTaskRequest, caller: CallContext, options: OperationOptions): Promise<ItemStream> {
    if (!this.agents.get(caller.agent)?.options.streaming)
      throw unsupportedOperation('This operation is not supported: the agent does not stream. Use GetTask.');
    const afterSeq = parseLastEventId(options.lastEventId);
    const head = await this.store.head(caller, id);
    if (!head) throw taskNotFound(id);
    const shownEnded = options.alsoEnded === true || caller.protocolVersion === '0.3';
    if (isTerminal(head.state) && afterSeq === undefined && !shownEnded) {
      throw unsupportedOperation(`Task ${id} has ended: there is nothing to subscribe to. Use GetTask.`, {
        metadata: { taskId: id },
      });
    }
    return this.streams.open({ context: caller, taskId: id, afterSeq, endsAt: isTerminal, signal: options.signal });
  }
}
