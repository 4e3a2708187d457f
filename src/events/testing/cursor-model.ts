import type { TaskStore } from '../../tasks/task-store.interface.js';
import type { EventBus, TaskWake } from '../event-bus.interface.js';
import { InMemoryQueueManager } from '../in-memory-queue-manager.js';
import type { CursorOptions, TaskCursors } from '../task-cursor.interface.js';
import { DefaultTaskCursors } from '../task-cursors.js';
import { CheckedReader, type ReaderSource } from './checked-reader.js';
import { readerContext, TaskFeeder } from './task-feeder.js';

export interface ReaderKind {
  readonly tapItems: number;
  readonly batchItems: number;
  /** `other`: nothing is published to the reader's queues, as on another replica. */
  readonly replica: 'same' | 'other';
  readonly heard: 'all wakes' | 'half of the wakes' | 'no wake';
  readonly afterSeq: number | undefined;
  readonly endsAtInput: boolean;
}

export type LoggedPart = 'chunk' | 'TASK_STATE_WORKING' | 'TASK_STATE_INPUT_REQUIRED' | 'TASK_STATE_COMPLETED';

/** A step names a reader by its number, modulo the number of readers. */
export type ModelStep =
  | { append: LoggedPart[] }
  | { open: ReaderKind }
  | { pull: number }
  | { reconnect: number }
  | { trim: number }
  | { closeQueue: true };

export type LogOfTasks = Pick<TaskStore, 'create' | 'append' | 'head' | 'open' | 'eventsAfter' | 'lastSeqs'> & {
  trim?(taskId: string, upToSeq: number): Promise<void>;
};

/** A bus that loses what the test tells it to. */
class LossyBus implements EventBus {
  readonly #listeners = new Set<(heads: readonly TaskWake[]) => void>();
  #count = 0;
  constructor(private readonly heard: ReaderKind['heard']) {}
  wake(heads: readonly TaskWake[]): void {
    this.#count += 1;
    if (this.heard === 'no wake' || (this.heard === 'half of the wakes' && this.#count % 2 === 0)) return;
    for (const listener of this.#listeners) listener(heads);
  }
  onWake(listener: (heads: readonly TaskWake[]) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
  wakeQueue(): void {
    // No reader uses the run queue.
  }
  onQueueWake(): () => void {
    return () => undefined;
  }
  onGap(): () => void {
    return () => undefined;
  }
  async close(): Promise<void> {
    this.#listeners.clear();
  }
}

/** One task, its writer, and readers of all kinds; every reader compares what it receives with the list of committed events. */
export class CursorModel {
  readonly #home = new InMemoryQueueManager();
  readonly #abroad = new InMemoryQueueManager();
  readonly #buses: LossyBus[] = [];
  readonly #closers: (() => void)[] = [];
  readonly #readers: CheckedReader[] = [];
  #trimmedSeq = 0;

  private constructor(
    private readonly store: LogOfTasks,
    private readonly feeder: TaskFeeder,
  ) {}

  static async create(store: LogOfTasks): Promise<CursorModel> {
    return new CursorModel(store, await TaskFeeder.create(store));
  }

  get tapsLeft(): string[] {
    return [...this.#home.taskIds(), ...this.#abroad.taskIds()];
  }

  async run(step: ModelStep): Promise<void> {
    if ('append' in step) await this.#append(step.append);
    else if ('open' in step) this.#openReader(step.open);
    else if ('pull' in step) this.#reader(step.pull)?.pull();
    else if ('reconnect' in step) await this.#reader(step.reconnect)?.reconnect();
    else if ('trim' in step) await this.#trim(step.trim);
    else if (this.#home.get(this.feeder.taskId)) await this.#home.close(this.feeder.taskId);
  }

  /** Ends the task, trims it, and lets every reader read to its end. */
  async finish(trimTo: number): Promise<void> {
    await this.#append(['chunk', 'TASK_STATE_COMPLETED']);
    await this.#trim(trimTo);
    await Promise.all(this.#readers.map((reader) => reader.readToEnd()));
  }

  async close(): Promise<void> {
    await Promise.all(this.#readers.map((reader) => reader.leave()));
    for (const close of this.#closers) close();
  }

  async #append(events: readonly LoggedPart[]): Promise<void> {
    const { taskId, log } = this.feeder;
    const parts = events.map((event, i) => (event === 'chunk' ? { text: `${log.length + i} ` } : event));
    this.#home.publish(taskId, await this.feeder.append(...parts));
    for (const bus of this.#buses) bus.wake([{ taskId, seq: log.length }]);
  }

  #openReader(kind: ReaderKind): void {
    const { tapItems, batchItems, afterSeq } = kind;
    const bus = new LossyBus(kind.heard);
    const queues = kind.replica === 'same' ? this.#home : this.#abroad;
    const options = { tapLimits: { maxItems: tapItems }, batchItems, pollMs: 2 };
    const cursors = new DefaultTaskCursors(this.store, queues, bus, options);
    this.#buses.push(bus);
    this.#closers.push(() => cursors.close());
    const source = this.#source(cursors, kind);
    this.#readers.push(new CheckedReader(source, this.feeder, () => this.#trimmedSeq, afterSeq));
  }

  async #trim(seq: number): Promise<void> {
    if (!this.store.trim) return;
    const upTo = Math.min(seq, this.feeder.log.length);
    this.#trimmedSeq = Math.max(this.#trimmedSeq, upTo);
    await this.store.trim(this.feeder.taskId, upTo);
  }

  #reader(which: number): CheckedReader | undefined {
    return this.#readers[which % Math.max(1, this.#readers.length)];
  }

  #source(cursors: TaskCursors, { endsAtInput }: ReaderKind): ReaderSource {
    const endsAt: CursorOptions['endsAt'] = (state) => endsAtInput && state === 'TASK_STATE_INPUT_REQUIRED';
    const { taskId } = this.feeder;
    return {
      endsAt,
      open: (afterSeq: number | undefined) => cursors.open({ context: readerContext, taskId, afterSeq, endsAt }),
    };
  }
}
