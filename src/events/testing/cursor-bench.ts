import type { CommittedEvent } from '../../tasks/committed-event.js';
import { InMemoryQueueManager } from '../in-memory-queue-manager.js';
import { InProcessEventBus } from '../in-process.event-bus.js';
import type { CursorItem, CursorOptions, CursorStream } from '../task-cursor.interface.js';
import { DefaultTaskCursors, type TaskCursorsOptions } from '../task-cursors.js';
import { FakeTaskStore } from './fake-task-store.js';
import { readerContext, TaskFeeder } from './task-feeder.js';

const NEVER_MS = 1_000_000;

export type Reader = CursorStream;

export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** `T3` = snapshot as of 3, `4` = event 4, `!` = final. */
export const brief = (items: readonly CursorItem[]): string =>
  items.map(({ type, seq, final }) => `${type === 'snapshot' ? 'T' : ''}${seq}${final ? '!' : ''}`).join(' ');

/** One batch in brief, or `end`. */
export async function pull(reader: Reader): Promise<string> {
  const { done, value } = await reader.next();
  return done ? 'end' : brief(value);
}

/** All items, in brief. */
export async function read(reader: Reader): Promise<string> {
  const items: CursorItem[] = [];
  for await (const batch of reader) items.push(...batch);
  return brief(items);
}

/** A task with one event, and cursors on it that do not poll unless told to. */
export class CursorBench {
  readonly store = new FakeTaskStore();
  readonly queues = new InMemoryQueueManager();
  readonly bus = new InProcessEventBus();
  cursors!: DefaultTaskCursors;
  task!: TaskFeeder;

  static async create(): Promise<CursorBench> {
    const bench = new CursorBench();
    bench.task = await TaskFeeder.create(bench.store);
    bench.options({});
    return bench;
  }

  options(options: TaskCursorsOptions): void {
    this.cursors = new DefaultTaskCursors(this.store, this.queues, this.bus, { pollMs: NEVER_MS, ...options });
  }

  open(options: Partial<CursorOptions> = {}): Reader {
    return this.cursors.open({ context: readerContext, taskId: this.task.taskId, endsAt: () => false, ...options });
  }

  publish(events: readonly CommittedEvent[]): void {
    this.queues.publish(this.task.taskId, events);
  }
}
