import type { EventBus } from '../../events/event-bus.interface.js';
import type { QueueManager } from '../../events/queue-manager.interface.js';
import type { InboxStore } from '../../tasks/inbox-store.interface.js';
import type { RunStore } from '../../tasks/run-store.interface.js';
import type { TaskStore } from '../../tasks/task-store.interface.js';

/** What a run needs from the layers below. */
export interface RunPorts {
  readonly store: TaskStore;
  readonly runs: RunStore;
  readonly inbox: InboxStore;
  readonly queues: QueueManager;
  readonly bus: EventBus;
}
