import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { TaskStore } from '../tasks/task-store.interface.js';
import { CursorModel, type ReaderKind } from './testing/cursor-model.js';
import { FakeTaskStore } from './testing/fake-task-store.js';

interface OpenStores {
  readonly tasks: TaskStore | FakeTaskStore;
  close(): Promise<void>;
}

const factories: { name: string; runs: number; open(): Promise<OpenStores> }[] = [
  {
    name: 'the fake store',
    runs: 150,
    open: async () => ({ tasks: new FakeTaskStore(), close: async () => undefined }),
  },
];

const kind: fc.Arbitrary<ReaderKind> = fc.record({
  tapItems: fc.constantFrom(1, 2, 5, 256),
  batchItems: fc.constantFrom(1, 3, 256),
  /** On another replica, nothing is published to the reader's queues. */
  replica: fc.constantFrom('same', 'other'),
  heard: fc.constantFrom('all wakes', 'half of the wakes', 'no wake'),
  afterSeq: fc.option(fc.nat(12), { nil: undefined }),
  endsAtInput: fc.boolean(),
});

type Step = (model: CursorModel) => Promise<void> | void;
const reader = fc.nat(5);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .array(fc.constantFrom('chunk', 'chunk', 'chunk', 'TASK_STATE_WORKING', 'TASK_STATE_INPUT_REQUIRED'), {
        minLength: 1,
        maxLength: 8,
      })
      .map(
        (events): Step =>
          (model) =>
            model.append(events),
      ),
  },
  {
    weight: 6,
    arbitrary: reader.map(
      (n): Step =>
        (model) =>
          model.pull(n),
    ),
  },
  {
    weight: 3,
    arbitrary: kind.map(
      (k): Step =>
        (model) =>
          model.open(k),
    ),
  },
  {
    weight: 2,
    arbitrary: reader.map(
      (n): Step =>
        (model) =>
          model.reconnect(n),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.nat(20).map(
      (seq): Step =>
        (model) =>
          model.trim(seq),
    ),
  },
  { weight: 1, arbitrary: fc.constant((model: CursorModel) => model.closeQueue()) },
);

describe.each(factories)('readers of $name, whatever gets lost and whoever lags', ({ runs, open }) => {
  let stores: OpenStores;
  beforeAll(async () => {
    stores = await open();
  });
  afterAll(() => stores.close());

  it('get the task as of M and then M+1, M+2 … exactly once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(step, fc.boolean()), { minLength: 5, maxLength: 40 }), async (steps) => {
        const model = await CursorModel.create(stores.tasks);
        try {
          for (const [run, pause] of steps) {
            await run(model);
            if (pause) await new Promise((resolve) => setImmediate(resolve));
          }
          await model.finish();
        } finally {
          await model.close();
        }
        expect(model.tapsLeft).toEqual([]);
      }),
      { numRuns: runs },
    );
  });
});
