import { Inject, Injectable } from '@nestjs/common';
import {
  type CursorItem,
  type CursorOptions,
  type CursorStream,
  TASK_CURSORS,
  type TaskCursors,
} from '../events/task-cursor.interface.js';
import { DrainService } from '../execution/drain.service.js';
import type { Task } from '../protocol/model/index.js';
import { TaskDocument } from '../tasks/task-document.js';
import type { ItemStream } from './request-handler.interface.js';
import { withMembers } from '../common/with-members.js';

/** Opens streams of tasks: the first batch is available when it resolves. A shutdown ends them, as it ends all readers. */
@Injectable()
export class StreamOpener {
  constructor(
    @Inject(TASK_CURSORS) private readonly cursors: TaskCursors,
    private readonly drain: DrainService,
  ) {}

  /**
   * An `afterSeq` of NaN counts as absent. `show` maps each item to what the client sees. Throws what the cursor throws before its first
   * batch, UNAVAILABLE after a shutdown.
   */
  async open(options: CursorOptions, show?: Show): Promise<ItemStream> {
    this.drain.assertNotClosed();
    const afterSeq = Number.isNaN(options.afterSeq) ? undefined : options.afterSeq;
    const cursor = this.cursors.open(withMembers(options, { afterSeq }));
    const first = await cursor.next();
    const empty = first.done === true && options.signal?.aborted !== true;
    // A shutdown ends readers too, and then something may follow.
    if (empty) this.drain.assertNotClosed();
    return new StartedStream(cursor, first, { show, empty });
  }

  /** Starts with `task`, the task as it was at `seq`, and continues with the next event. */
  openAsOf(task: Task, seq: number, options: CursorOptions, show?: Show): ItemStream {
    this.drain.assertNotClosed();
    const cursor = this.cursors.open(withMembers(options, { afterSeq: seq }));
    const snapshot: CursorItem = { type: 'snapshot', document: TaskDocument.of(task), seq, final: false };
    return new StartedStream(cursor, { done: false, value: [snapshot] }, { show });
  }
}

type Show = (item: CursorItem) => CursorItem;

type Batch = IteratorResult<CursorItem[], void>;

/** A stream whose first batch was already pulled. It keeps nothing that it returned and adds very little overhead. */
class StartedStream implements ItemStream {
  readonly empty: boolean;
  readonly #show?: Show;
  #first?: Batch;

  constructor(
    private readonly rest: CursorStream,
    first: Batch,
    { show, empty = false }: { show?: Show; empty?: boolean } = {},
  ) {
    this.#first = first;
    this.#show = show;
    this.empty = empty;
  }

  next(): Promise<Batch> {
    const show = this.#show;
    const first = this.#first;
    this.#first = undefined;
    const batch = first ? Promise.resolve(first) : this.rest.next();
    return show
      ? batch.then((result) => (result.done ? result : { done: false, value: result.value.map(show) }))
      : batch;
  }

  take(): CursorItem[] | undefined {
    const first = this.#first;
    if (first?.done) return undefined;
    this.#first = undefined;
    const items = first ? first.value : this.rest.take?.();
    return this.#show && items ? items.map(this.#show) : items;
  }

  whenMore(listener: () => void): boolean {
    return this.#first === undefined && this.rest.whenMore?.(listener) === true;
  }

  async return(): Promise<IteratorReturnResult<void>> {
    this.#first = undefined;
    await this.rest.return();
    return { done: true, value: undefined };
  }

  async throw(error: unknown): Promise<IteratorReturnResult<void>> {
    await this.return();
    throw error;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
