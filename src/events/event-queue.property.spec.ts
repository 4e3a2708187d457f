import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EventQueue } from './event-queue.js';
import type { EventSource, EventTap } from './event-queue.interface.js';

const MAX_ITEMS = 4;
const MAX_BYTES = 12;

interface Item {
  readonly id: number;
  readonly size: number;
}

/** A model of a bounded FIFO. */
class ModelBuffer {
  items: Item[] = [];
  constructor(
    readonly maxItems: number,
    readonly maxBytes: number,
  ) {}
  fits({ size }: Item): boolean {
    const bytes = this.items.reduce((sum, item) => sum + item.size, size);
    return this.items.length === 0 || (this.items.length < this.maxItems && bytes <= this.maxBytes);
  }
}

/** A source under test with its expected contents, and the outcome of each dequeue with the expected one. */
class Reader {
  readonly expected: (number | string | undefined)[] = [];
  readonly actual: (number | string | undefined)[] = [];
  readonly waiting: number[] = [];
  lagging = false;
  closed = false;
  constructor(
    readonly source: EventSource<Item>,
    readonly model: ModelBuffer,
  ) {}

  /** False: it did not fit. */
  receive(item: Item): boolean {
    const waiter = this.waiting.shift();
    if (waiter !== undefined) this.expected[waiter] = item.id;
    else if (this.model.fits(item)) this.model.items.push(item);
    else return false;
    return true;
  }

  dequeue(): void {
    const index = this.expected.length;
    const item = this.model.items.shift();
    this.expected.push(item?.id ?? (this.lagging ? 'TapLaggingError' : this.closed ? 'QueueClosedError' : undefined));
    this.actual.push(undefined);
    if (this.expected[index] === undefined) this.waiting.push(index);
    this.source.dequeueEvent().then(
      ({ id }) => (this.actual[index] = id),
      (error: Error) => (this.actual[index] = error.name),
    );
  }

  drain(maxItems: number, maxBytes: number): void {
    let [count, bytes] = [0, 0];
    for (const { size } of this.model.items.slice(0, maxItems)) {
      bytes += size;
      if (count > 0 && bytes > maxBytes) break;
      count += 1;
    }
    expect(this.source.drain(maxItems, maxBytes)).toEqual(this.model.items.splice(0, count));
  }

  close(): void {
    this.closed = true;
    for (const index of this.waiting.splice(0)) this.expected[index] = 'QueueClosedError';
  }
}

/** The model of the queue. It decides everything synchronously, so it uses plain lists. */
class Model {
  readonly queue = new EventQueue<Item>({ maxItems: MAX_ITEMS, maxBytes: MAX_BYTES });
  readonly root = new Reader(this.queue, new ModelBuffer(MAX_ITEMS, MAX_BYTES));
  taps: { tap: EventTap<Item>; reader: Reader }[] = [];
  readonly left: Reader[] = [];
  readonly producers: Item[] = [];
  readonly enqueued: { id: number; expected?: string; actual?: string }[] = [];

  enqueue(size: number): void {
    const item = { id: this.enqueued.length, size };
    const outcome: (typeof this.enqueued)[number] = { id: item.id };
    this.enqueued.push(outcome);
    if (this.root.closed) outcome.expected = 'QueueClosedError';
    else this.producers.push(item);
    this.refill();
    this.queue.enqueueEvent(item).then(
      () => (outcome.actual = 'accepted'),
      (error: Error) => (outcome.actual = error.name),
    );
  }

  refill(): void {
    for (let item = this.producers[0]; item && this.root.receive(item); item = this.producers[0]) {
      this.producers.shift();
      (this.enqueued[item.id] as { expected?: string }).expected = 'accepted';
      for (const { reader } of this.taps) {
        if (reader.lagging || reader.receive(item)) continue;
        reader.lagging = true;
        reader.model.items = [];
      }
    }
  }

  tap(maxItems: number): void {
    if (this.root.closed) {
      expect(() => this.queue.tap()).toThrow('closed');
      return;
    }
    const tap = this.queue.tap({ maxItems, maxBytes: MAX_BYTES });
    this.taps.push({ tap, reader: new Reader(tap, new ModelBuffer(maxItems, MAX_BYTES)) });
  }

  /** `which` 0 is the queue, the others are its taps. */
  reader(which: number): Reader {
    return which === 0 ? this.root : (this.taps[(which - 1) % Math.max(1, this.taps.length)]?.reader ?? this.root);
  }

  onTap(which: number, act: (tap: { tap: EventTap<Item>; reader: Reader }, index: number) => void): void {
    const index = which % Math.max(1, this.taps.length);
    const tap = this.taps[index];
    if (tap) act(tap, index);
  }

  close(immediate: boolean): void {
    void this.queue.close({ immediate, timeout: 0 });
    for (const { id } of this.producers.splice(0))
      (this.enqueued[id] as { expected?: string }).expected = 'QueueClosedError';
    for (const reader of [this.root, ...this.taps.map((tap) => tap.reader)]) {
      reader.close();
      if (!immediate) continue;
      reader.model.items = [];
      if (reader !== this.root) reader.lagging = false;
    }
  }

  clear(children: boolean): void {
    this.queue.clearEvents({ children });
    this.root.model.items = [];
    if (children) for (const { reader } of this.taps) reader.model.items = [];
    this.refill();
  }

  check(): void {
    expect(this.enqueued.map(({ actual }) => actual)).toEqual(this.enqueued.map(({ expected }) => expected));
    for (const reader of [this.root, ...this.left, ...this.taps.map((tap) => tap.reader)]) {
      expect(reader.actual).toEqual(reader.expected);
      expect(reader.source.length).toBe(reader.model.items.length);
      expect(reader.source.isClosed()).toBe(reader.closed);
    }
    for (const { tap, reader } of this.taps) expect(tap.lagging).toBe(reader.lagging);
    expect(this.queue.taps).toBe(this.root.closed ? 0 : this.taps.length);
  }
}

type Step = (model: Model) => void;
const which = fc.nat(3);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.nat(MAX_BYTES + 2).map(
      (size): Step =>
        (model) =>
          model.enqueue(size),
    ),
  },
  {
    weight: 5,
    arbitrary: which.map((n): Step => (model) => {
      model.reader(n).dequeue();
      if (model.reader(n) === model.root) model.refill();
    }),
  },
  {
    weight: 4,
    arbitrary: fc
      .tuple(which, fc.integer({ min: 1, max: 4 }), fc.nat(MAX_BYTES))
      .map(([n, items, bytes]): Step => (model) => {
        model.reader(n).drain(items, bytes);
        if (model.reader(n) === model.root) model.refill();
      }),
  },
  {
    weight: 3,
    arbitrary: fc.integer({ min: 1, max: 3 }).map(
      (max): Step =>
        (model) =>
          model.tap(max),
    ),
  },
  {
    weight: 2,
    arbitrary: which.map(
      (n): Step =>
        (model) =>
          model.onTap(n, ({ tap, reader }) => {
            tap.resume();
            reader.lagging = false;
          }),
    ),
  },
  {
    weight: 1,
    arbitrary: which.map(
      (n): Step =>
        (model) =>
          model.onTap(n, ({ tap, reader }, index) => {
            tap.close();
            reader.lagging = false;
            reader.model.items = [];
            reader.close();
            model.left.push(...model.taps.splice(index, 1).map((gone) => gone.reader));
          }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.boolean().map(
      (children): Step =>
        (model) =>
          model.clear(children),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.boolean(), fc.nat(4)).map(([immediate, luck]): Step => (model) => {
      if (luck === 0) model.close(immediate);
    }),
  },
);

describe('EventQueue, whatever happens in whatever order', () => {
  it('keeps the order, loses nothing that it accepted, and no tap holds up another', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(step, fc.boolean()), { maxLength: 60 }), async (steps) => {
        const model = new Model();
        for (const [run, pause] of steps) {
          run(model);
          if (pause) await Promise.resolve();
        }
        await new Promise((resolve) => setImmediate(resolve));
        model.check();
      }),
      { numRuns: 200 },
    );
  });
});
