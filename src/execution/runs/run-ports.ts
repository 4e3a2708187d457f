import type { Metrics } from '../../common/metrics/metrics.interface.js';
import type { Tracing } from '../../common/tracing/tracing.interface.js';
import type { LogScopes } from '../../common/logging/log-scopes.js';
import type { EventBus } from '../../events/event-bus.interface.js';
import type { EventPublisher } from '../../events/event-publisher.js';
import type { InboxStore } from '../../tasks/inbox-store.interface.js';
import type { RunStore } from '../../tasks/run-store.interface.js';
import type { TaskStore } from '../../tasks/task-store.interface.js';

/** What a run needs from the layers below. */
export interface RunPorts {
  readonly store: TaskStore;
  readonly runs: RunStore;
  readonly inbox: InboxStore;
  readonly publisher: EventPublisher;
  readonly bus: EventBus;
  readonly metrics: Metrics;
  readonly tracing: Tracing | undefined;
  readonly scopes: LogScopes;
}
