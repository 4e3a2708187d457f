import type { Task, TaskState } from '../protocol/model/index.js';
import { isInterrupted, isTerminal } from '../protocol/state/task-state.js';
import type { TaskView } from './task-view.js';

/** A blocking call is answered at these states. Spec 3.2.2. */
export const answersBlocking = (state: TaskState): boolean => isTerminal(state) || isInterrupted(state);

/** Makes the answer of a call, blocking or not, out of what a task has become. Reads only what is committed. */
export class ResultAggregator {
  /** `load` reads the stored task; it throws when the task is gone. */
  constructor(private readonly load: () => Promise<Task>) {}

  /** The answer of a call that does not wait. */
  current(): Promise<Task> {
    return this.load();
  }

  /** Waits for a run of this process; a small task is answered without a read. undefined: the run ended without an answer. */
  async ofRun(run: { readonly answered: Promise<void>; readonly view: TaskView }): Promise<Task | undefined> {
    await run.answered;
    const task = run.view.snapshot() ?? (await this.load());
    return answersBlocking(task.status.state) ? task : undefined;
  }

  /** Reads a stream that ends with what answers the call, wherever the task runs. */
  async atEnd(stream: AsyncIterable<unknown>): Promise<Task> {
    const events = stream[Symbol.asyncIterator]();
    while (!(await events.next()).done);
    return this.load();
  }
}
