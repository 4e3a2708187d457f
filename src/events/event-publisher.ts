import { Inject, Injectable } from '@nestjs/common';
import { type Observable, share, Subject } from 'rxjs';
import type { TaskScope } from '../security/call-context.js';
import type { CommittedEvent } from '../tasks/committed-event.js';
import { EVENT_BUS, type EventBus } from './event-bus.interface.js';
import { QUEUE_MANAGER, type QueueManager } from './queue-manager.interface.js';

export interface TaskKey extends TaskScope {
  readonly taskId: string;
}

/** What one commit of this process added to a task. At least one event. */
export interface CommittedEvents {
  readonly task: TaskKey;
  readonly events: readonly CommittedEvent[];
}

/** Tells readers and handlers of committed events, here and in other processes. */
@Injectable()
export class EventPublisher {
  readonly #committed = new Subject<CommittedEvents>();
  /** The commits of this process, in order for each task. While nobody subscribes, it costs nothing. */
  readonly committed$: Observable<CommittedEvents> = this.#committed.pipe(share());

  constructor(
    @Inject(QUEUE_MANAGER) private readonly queues: QueueManager,
    @Inject(EVENT_BUS) private readonly bus: EventBus,
  ) {}

  /** Call it after the commit. */
  publish(task: TaskKey, events: readonly CommittedEvent[]): void {
    const [first, last] = [events[0], events.at(-1)];
    if (!first || !last) return;
    const { taskId, owner, tenant, agent } = task;
    this.queues.publish(taskId, events);
    const handled = this.#committed.observed;
    // Nobody in another process can read a task that was only just created; handlers there want to hear of it.
    if (last.seq > 1 || handled) {
      const news = { after: first.seq - 1, owner, tenant, agent };
      this.bus.wake([{ taskId, seq: last.seq, ...(handled && { news }) }]);
    }
    if (handled) this.#committed.next({ task, events });
  }
}
