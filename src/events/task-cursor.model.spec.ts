import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { storeFactories } from '../testing/stores/store-factories.js';
import { CursorModel, type LoggedPart, type LogOfTasks, type ReaderKind } from './testing/cursor-model.js';
import { FakeTaskStore } from './testing/fake-task-store.js';

const NUM_RUNS = 150;
const NUM_RUNS_ON_DISK = 20;

interface Factory {
  readonly name: string;
  readonly durable: boolean;
  open(): Promise<{ tasks: LogOfTasks; close(): Promise<void> }>;
}

const fake: Factory = {
  name: 'the fake store',
  durable: false,
  open: async () => ({ tasks: new FakeTaskStore(), close: async () => undefined }),
};

const kind: fc.Arbitrary<ReaderKind> = fc.record({
  tapItems: fc.constantFrom(1, 2, 5, 256),
  batchItems: fc.constantFrom(1, 3, 256),
  /** On another replica, nothing is published to the reader's queues. */
  replica: fc.constantFrom('same', 'other'),
  heard: fc.constantFrom('all wakes', 'half of the wakes', 'no wake'),
  afterSeq: fc.option(fc.nat(12), { nil: undefined }),
  endsAtInput: fc.boolean(),
});

const logged = fc.constantFrom<LoggedPart>('chunk', 'chunk', 'TASK_STATE_WORKING', 'TASK_STATE_INPUT_REQUIRED');
const reader = fc.nat(5);
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ append: fc.array(logged, { minLength: 1, maxLength: 8 }) }) },
  { weight: 6, arbitrary: fc.record({ pull: reader }) },
  { weight: 3, arbitrary: fc.record({ open: kind }) },
  { weight: 2, arbitrary: fc.record({ reconnect: reader }) },
  { weight: 1, arbitrary: fc.record({ trim: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.constant({ closeQueue: true as const }) },
);
/** `pause`: the event loop turn ends, so that pending work continues. */
const steps = fc.array(fc.record({ step, pause: fc.boolean() }), { minLength: 5, maxLength: 40 });

describe.each([fake, ...storeFactories])(
  'readers of $name, whatever is lost and whichever reader lags',
  ({ durable, open }) => {
    let opened: Awaited<ReturnType<Factory['open']>>;
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened.close());

    it('get the task as of M and then M+1, M+2 … exactly once', async () => {
      await fc.assert(
        fc.asyncProperty(steps, fc.nat(40), async (script, trimTo) => {
          const model = await CursorModel.create(opened.tasks);
          try {
            for (const { step, pause } of script) {
              await model.run(step);
              if (pause) await new Promise((resolve) => setImmediate(resolve));
            }
            await model.finish(trimTo);
          } finally {
            await model.close();
          }
          expect(model.tapsLeft).toEqual([]);
        }),
        { numRuns: durable ? NUM_RUNS_ON_DISK : NUM_RUNS },
      );
    }, 240_000);
  },
);
