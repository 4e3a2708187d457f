import { Inject, Injectable } from '@nestjs/common';
import type { RegisteredAgent } from '../../agents/agent-registry.interface.js';
import { EVENT_BUS, type EventBus } from '../../events/event-bus.interface.js';
import { QUEUE_MANAGER, type QueueManager } from '../../events/queue-manager.interface.js';
import { newId } from '../../protocol/ids.js';
import type { Message } from '../../protocol/model/index.js';
import { type CallContext, isAuthenticated } from '../../security/call-context.js';
import { INBOX_STORE, type InboxStore } from '../../tasks/inbox-store.interface.js';
import { RUN_STORE, type RunStore } from '../../tasks/run-store.interface.js';
import { TASK_STORE, type TaskStore } from '../../tasks/task-store.interface.js';
import { type RunSlot, RunSlots } from '../queue/run.slots.js';
import { ActiveRun, type RunStart } from './active-run.js';
import { EXECUTION_OPTIONS, type ExecutionOptions } from '../execution.options.js';
import { ReplicaService } from '../ownership/replica.service.js';
import type { RunPorts } from './run-ports.js';
import { RunRegistry } from './run.registry.js';
import { RunStarts } from '../run.starts.js';

/** Starts runs in this process. */
@Injectable()
export class RunLauncher {
  readonly ports: RunPorts;

  constructor(
    @Inject(TASK_STORE) store: TaskStore,
    @Inject(RUN_STORE) runs: RunStore,
    @Inject(INBOX_STORE) inbox: InboxStore,
    @Inject(QUEUE_MANAGER) queues: QueueManager,
    @Inject(EVENT_BUS) bus: EventBus,
    @Inject(EXECUTION_OPTIONS) readonly options: ExecutionOptions,
    readonly registry: RunRegistry,
    readonly replica: ReplicaService,
    readonly starts: RunStarts,
    readonly room: RunSlots,
  ) {
    this.ports = { store, runs, inbox, queues, bus };
  }

  /**
   * The key that identifies a message when it is sent again: its messageId, or a unique key where deduplication is off. Anonymous callers
   * share one owner, so their ids can collide by accident: their key includes a digest of the content.
   */
  messageKey({ messageId }: Message, digest: string, caller: CallContext): string {
    if (!this.options.deduplicateMessages) return newId();
    return isAuthenticated(caller) ? messageId : `${messageId} ${digest}`;
  }

  /** The run owns the slot from here on. */
  launch(agent: RegisteredAgent, start: RunStart, place: RunSlot): ActiveRun {
    const run = new ActiveRun(agent, start, this.ports, this.options, place);
    this.starts.started(run.taskId, run.ref.fence);
    this.registry.start(run, () => {
      this.starts.ended(run.taskId, run.ref.fence, run.lost);
      place.release();
    });
    return run;
  }
}
