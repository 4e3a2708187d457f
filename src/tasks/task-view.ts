import type { Task } from '../protocol/model/index.js';
import { TaskFold } from '../protocol/fold/task-fold.js';
import type { CommittedEvent } from './committed-event.js';

/** Above this many bytes of events a run no longer keeps the content of its task; readers get it from the log. */
const MAX_BYTES = 64 * 1024;

/** The folded content of a small task. Its run keeps it, so that a short call needs no read. It follows committed events only. */
export class TaskView {
  #fold?: TaskFold;
  #bytes = 0;

  constructor(task: Task | undefined) {
    if (task) this.#fold = new TaskFold(task);
  }

  apply(events: readonly CommittedEvent[]): void {
    for (const event of events) {
      if (!this.#fold) return;
      this.#bytes += event.size;
      if (this.#bytes > MAX_BYTES) this.#fold = undefined;
      else this.#fold.apply(event.event, event.inboundMessage);
    }
  }

  /** A copy of the task for the caller, or undefined when the task has grown too large to keep. */
  snapshot(): Task | undefined {
    const task = this.#fold?.task;
    if (!task) return undefined;
    return {
      ...task,
      ...(task.artifacts && {
        artifacts: task.artifacts.map((artifact) => ({ ...artifact, parts: [...artifact.parts] })),
      }),
      ...(task.history && { history: [...task.history] }),
    };
  }
}
