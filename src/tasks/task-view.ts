import type { Task } from '../protocol/model/index.js';
import { TaskFold } from '../protocol/fold/task-fold.js';
import type { CommittedEvent } from './committed-event.js';
import { withMembers } from '../common/with-members.js';

/** Above this many bytes of events a run no longer keeps the content of its task; readers get it from the log. */
const MAX_BYTES = 64 * 1024;

/**
 * The content of a small task, as of its run's last committed event. The run keeps what it is made of, so that a short call needs no read.
 */
export class TaskView {
  #events?: CommittedEvent[];
  #bytes = 0;

  /** `task`: before the events of the run. */
  constructor(private readonly task: Task | undefined) {
    if (task) this.#events = [];
  }

  apply(events: readonly CommittedEvent[]): void {
    for (const event of events) {
      this.#bytes += event.size;
      if (this.#bytes > MAX_BYTES) this.#events = undefined;
      this.#events?.push(event);
    }
  }

  /** The task, for the caller alone, or undefined when it has grown too large to keep. */
  snapshot(): Task | undefined {
    const { task } = this;
    if (!task || !this.#events) return undefined;
    // The fold changes what it is given.
    const { artifacts, history } = task;
    const copies = artifacts?.map((artifact) => ({ ...artifact, parts: [...artifact.parts] }));
    const own = withMembers(task, copies ? { artifacts: copies } : {});
    const fold = new TaskFold(history ? withMembers(own, { history: [...history] }) : own);
    for (const event of this.#events) fold.apply(event.event, event.inboundMessage);
    return fold.task;
  }
}
