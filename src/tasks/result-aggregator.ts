import type { Task, TaskState } from '../protocol/model/index.js';
import { isInterrupted, isTerminal } from '../protocol/state/task-state.js';
import type { TaskView } from './task-view.js';

/** A blocking call is answered at these states. Spec 3.2.2. */
export const answersBlocking = (state: TaskState): boolean => isTerminal(state) || isInterrupted(state);

/** Makes the answer of a call, blocking or not, out of what a task has become. Reads only what is committed. */
export class ResultAggregator {
  /** `load` reads the stored task; it throws when the task is gone. `asOf`: the task at a seq, undefined when that is gone. */
  constructor(
    private readonly load: () => Promise<Task>,
    private readonly asOf: (seq: number) => Promise<Task | undefined>,
  ) {}

  /** The answer of a call that does not wait. */
  current(): Promise<Task> {
    return this.load();
  }

  /** Waits for a run of this process; a small task is answered without a read. undefined: the run ended without an answer. */
  async ofRun(run: {
    readonly answered: Promise<number | undefined>;
    readonly view: TaskView;
  }): Promise<Task | undefined> {
    const seq = await run.answered;
    const task = run.view.snapshot() ?? (await this.load());
    if (answersBlocking(task.status.state)) return task;
    return seq === undefined ? undefined : this.asOf(seq);
  }

  /** Reads a stream that ends with what answers the call, wherever the task runs. */
  async atEnd(stream: AsyncIterable<readonly { readonly seq: number; readonly final: boolean }[]>): Promise<Task> {
    let last: { readonly seq: number; readonly final: boolean } | undefined;
    for await (const batch of stream) last = batch.at(-1) ?? last;
    const task = await this.load();
    if (!last?.final || answersBlocking(task.status.state)) return task;
    // The next message has set the task going again.
    return (await this.asOf(last.seq)) ?? task;
  }
}
