import { Inject, Injectable } from '@nestjs/common';
import { AGENT_REGISTRY, type AgentRegistry, type RegisteredAgent } from '../agents/agent-registry.interface.js';
import { TaskCanceler } from '../execution/runs/task.canceler.js';
import { unavailable } from '../protocol/errors/index.js';
import type { CancelTaskRequest } from '../protocol/model/index.js';
import { isTerminal } from '../protocol/state/task-state.js';
import type { CallContext } from '../security/call-context.js';
import { RUN_STORE, type RunStore } from '../tasks/run-store.interface.js';
import type { TaskDocument } from '../tasks/task-document.js';
import { TASK_STORE, type TaskStore } from '../tasks/task-store.interface.js';
import { askGuards } from './agent.guards.js';
import { GetTaskOperation } from './get-task.operation.js';

/** Maximum reads of a task that is taken over again and again. */
const MOST_LOOKS = 5;

/** CancelTask. Spec 3.1.5. */
@Injectable()
export class CancelTaskOperation {
  constructor(
    @Inject(AGENT_REGISTRY) private readonly agents: AgentRegistry,
    @Inject(TASK_STORE) private readonly store: TaskStore,
    @Inject(RUN_STORE) private readonly runs: RunStore,
    private readonly canceler: TaskCanceler,
    private readonly tasks: GetTaskOperation,
  ) {}

  async execute(request: CancelTaskRequest, caller: CallContext): Promise<TaskDocument> {
    const { id } = request;
    const agent = this.agents.get(caller.agent);
    if (agent?.admitCancel) await this.#askGuards(agent, request, caller);
    await this.canceler.cancel(caller, id);
    return this.tasks.execute({ id }, caller);
  }

  /** A task that does not exist or has ended cannot be canceled by any caller. */
  async #askGuards(agent: RegisteredAgent, { id, metadata }: CancelTaskRequest, caller: CallContext): Promise<void> {
    for (let look = 0; look < MOST_LOOKS; look++) {
      const head = await this.store.head(caller, id);
      if (!head || isTerminal(head.state)) return;
      const begun = await this.runs.startedTurn(head);
      if (begun) {
        const { message, configuration, turn } = begun;
        return askGuards(agent, 'cancel', { message, metadata, configuration }, { ...head, turn }, caller);
      }
    }
    throw unavailable('The task is taken over again and again. Try again.');
  }
}
