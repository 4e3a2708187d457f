import assert from 'node:assert/strict';
import type { TaskState } from '../../protocol/model/index.js';
import { isTerminal } from '../../protocol/state/task-state.js';
import { foldLog } from '../../tasks/fold-log.js';
import type { TaskFeeder } from './task-feeder.js';
import type { CursorItem, CursorStream } from '../task-cursor.interface.js';

type Batches = CursorStream;

export interface ReaderSource {
  open(afterSeq: number | undefined): Batches;
  endsAt(state: TaskState): boolean;
}

/** A client: it reads, leaves, returns with the seq of the last item, and compares each item with the reference log. */
export class CheckedReader {
  #batches: Batches;
  #pending?: Promise<boolean>;
  /** Seq of the last item, or where it asked to begin; undefined: it wants a snapshot. */
  #seq: number | undefined;
  /** It asked to begin after the end of the log. */
  #beyond!: boolean;
  /** The last item said that nothing follows. */
  #final = false;
  #ended = false;
  /** It takes every other batch without a promise, where it can. */
  #directly = false;

  constructor(
    private readonly source: ReaderSource,
    private readonly feeder: Pick<TaskFeeder, 'log' | 'logged'>,
    private readonly trimmedSeq: () => number,
    afterSeq: number | undefined,
  ) {
    this.#seq = afterSeq;
    this.#batches = this.#open();
  }

  /** Requests a batch, unless one is pending; does not wait for it. */
  pull(): void {
    if (!this.#ended) this.#pending ??= this.#next();
  }

  async reconnect(): Promise<void> {
    await this.leave();
    this.#ended = this.#final = false;
    this.#batches = this.#open();
  }

  async leave(): Promise<void> {
    await this.#batches.return();
    await this.#pending;
  }

  /** Reads to the end of the task: a stream that ended earlier, by its policy, is resumed. */
  async readToEnd(): Promise<void> {
    for (;;) {
      while (!this.#ended) {
        this.pull();
        await this.#pending;
      }
      if (this.#seq === this.feeder.log.length) return;
      const stoppedAt = this.#seq;
      await this.reconnect();
      this.pull();
      await this.#pending;
      assert.notEqual(this.#seq, stoppedAt, `nothing came after ${stoppedAt} of ${this.feeder.log.length}`);
    }
  }

  #open(): Batches {
    this.#beyond = this.#seq !== undefined && this.#seq > this.feeder.log.length;
    return this.source.open(this.#seq);
  }

  async #next(): Promise<boolean> {
    const { done, value } = await this.#batch();
    // Over another connection an event can be read before its append has returned.
    if (!done && value.at(-1)!.seq > this.feeder.log.length) await this.feeder.logged;
    this.#pending = undefined;
    if (done) this.#ended = true;
    else {
      assert.ok(value.length > 0, 'a batch is never empty');
      for (const item of value) this.#check(item);
    }
    return !done;
  }

  async #batch(): Promise<IteratorResult<CursorItem[], void>> {
    this.#directly = !this.#directly;
    if (!this.#directly) return this.#batches.next();
    for (;;) {
      const value = this.#batches.take?.();
      if (value) return { done: false, value };
      let more = (): void => undefined;
      const waiting = new Promise<void>((resolve) => (more = resolve));
      if (this.#batches.whenMore?.(more) !== true) return this.#batches.next();
      await waiting;
    }
  }

  #check(item: CursorItem): void {
    assert.ok(!this.#final, 'nothing follows a final item');
    if (item.type === 'snapshot') {
      const asked = this.#seq;
      // Only a reader without a usable position gets a snapshot.
      if (asked !== undefined && !this.#beyond) {
        assert.ok(asked < this.trimmedSeq(), `a snapshot as of ${item.seq} for one who has ${asked}`);
      }
      assert.deepEqual(item.document.task, foldLog(this.feeder.log.slice(0, item.seq)));
      assert.equal(item.final, this.#ends(item.document.state));
    } else {
      assert.equal(item.seq, (this.#seq ?? NaN) + 1, 'the next seq');
      assert.equal(item.event.text, this.feeder.log[item.seq - 1]?.text);
      const { state } = item.event;
      if (state !== undefined) assert.equal(item.final, this.#ends(state));
    }
    this.#seq = item.seq;
    this.#beyond = false;
    this.#final = item.final;
  }

  #ends(state: TaskState): boolean {
    return isTerminal(state) || this.source.endsAt(state);
  }
}
