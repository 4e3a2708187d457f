import { Inject, Injectable } from '@nestjs/common';
import type { RegisteredAgent } from '../agents/agent-registry.interface.js';
import { EVENT_BUS, type EventBus } from '../events/event-bus.interface.js';
import { QUEUE_MANAGER, type QueueManager } from '../events/queue-manager.interface.js';
import { newId } from '../protocol/ids.js';
import type { Message } from '../protocol/model/index.js';
import type { CallContext } from '../security/call-context.js';
import { INBOX_STORE, type InboxStore } from '../tasks/inbox-store.interface.js';
import { type ClaimedRun, RUN_STORE, type RunStore } from '../tasks/run-store.interface.js';
import { TASK_STORE, type TaskStore } from '../tasks/task-store.interface.js';
import { ActiveRun, type RunStart } from './active-run.js';
import { EXECUTION_OPTIONS, type ExecutionOptions } from './execution.options.js';
import { ReplicaService } from './replica.service.js';
import type { RunPorts } from './run-ports.js';
import { RunRegistry } from './run.registry.js';

/** Starts runs in this process. */
@Injectable()
export class RunLauncher {
  readonly ports: RunPorts;
  /** The claims of next turns that are under way, by task: one at a time. */
  readonly #claims = new Map<string, Promise<void>>();

  constructor(
    @Inject(TASK_STORE) store: TaskStore,
    @Inject(RUN_STORE) runs: RunStore,
    @Inject(INBOX_STORE) inbox: InboxStore,
    @Inject(QUEUE_MANAGER) queues: QueueManager,
    @Inject(EVENT_BUS) bus: EventBus,
    @Inject(EXECUTION_OPTIONS) readonly options: ExecutionOptions,
    readonly registry: RunRegistry,
    readonly replica: ReplicaService,
  ) {
    this.ports = { store, runs, inbox, queues, bus };
  }

  /** Under what a message is known when it is sent again: its messageId, or, where that means nothing, a name of its own. */
  messageKey({ messageId }: Message): string {
    return this.options.deduplicateMessages ? messageId : newId();
  }

  launch(agent: RegisteredAgent, start: RunStart): ActiveRun {
    const run = new ActiveRun(agent, start, this.ports, this.options);
    this.registry.start(run);
    return run;
  }

  /** Runs the next turn of a task that waits with a message in its inbox. Nothing happens when somebody runs it already. */
  async launchNextTurn(agent: RegisteredAgent, context: CallContext, taskId: string): Promise<void> {
    const before = this.#claims.get(taskId);
    const claim = (async () => {
      await before?.catch(() => undefined);
      const owner = this.replica.owner();
      const claimed = await this.#claim(context, taskId, owner);
      // Claimed under a lease that is over, it is for others to run.
      if (claimed && this.replica.id === owner) this.launch(agent, { claimed });
    })();
    this.#claims.set(taskId, claim);
    try {
      await claim;
    } finally {
      if (this.#claims.get(taskId) === claim) this.#claims.delete(taskId);
    }
  }

  /** A claim whose answer was lost left the task to this process without a run: it is taken anew. */
  async #claim(context: CallContext, taskId: string, owner: string): Promise<ClaimedRun | undefined> {
    const { runs, store } = this.ports;
    const claimed = await runs.claimTurn(context, taskId, owner);
    if (claimed || this.registry.get(taskId)) return claimed;
    const head = await store.head(context, taskId);
    // A first turn is not claimed: its run starts when its task was made.
    if (head?.runOwner !== owner || head.turn === 1 || this.registry.get(taskId)) return undefined;
    return runs.seize(context, taskId, owner);
  }
}
