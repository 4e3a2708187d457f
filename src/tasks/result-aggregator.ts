import type { Task, TaskState } from '../protocol/model/index.js';
import { isInterrupted, isTerminal } from '../protocol/state/task-state.js';
import type { TaskView } from './task-view.js';

/** The states at which a blocking call is answered. Spec 3.2.2. */
export const answersBlocking = (state: TaskState): boolean => isTerminal(state) || isInterrupted(state);

interface TaskAt {
  readonly task: Task;
  readonly seq: number;
}

/** Builds the result of a call, blocking or not, from what became of the task. Reads only committed events. */
export class ResultAggregator {
  /** `load` reads the stored task and throws when it is gone. `asOf`: the task at a seq, undefined when that is gone. */
  constructor(
    private readonly load: () => Promise<TaskAt>,
    private readonly asOf: (seq: number) => Promise<Task | undefined>,
  ) {}

  /** Waits for a run of this process; a small task is answered without a read. undefined: the run ended without a result. */
  async ofRun(run: {
    readonly answered: Promise<number | undefined>;
    readonly lastSeq: number;
    readonly view: TaskView;
  }): Promise<Task | undefined> {
    const answered = await run.answered;
    const kept = run.view.snapshot();
    if (kept && answered === run.lastSeq) return kept;
    const now = kept ? { task: kept, seq: run.lastSeq } : await this.load();
    if (answered !== undefined) return this.#at(answered, now);
    return answersBlocking(now.task.status.state) ? now.task : undefined;
  }

  /** Reads a stream to the event that answers the call, wherever the task runs. */
  async atEnd(stream: AsyncIterable<readonly { readonly seq: number; readonly final: boolean }[]>): Promise<Task> {
    let last: { readonly seq: number; readonly final: boolean } | undefined;
    for await (const batch of stream) last = batch.at(-1) ?? last;
    const now = await this.load();
    return last?.final ? this.#at(last.seq, now) : now.task;
  }

  /** The task at the event that answers the call, even if the task has moved on since, by itself or with the next message. */
  async #at(seq: number, now: TaskAt): Promise<Task> {
    return now.seq === seq ? now.task : ((await this.asOf(seq)) ?? now.task);
  }
}
