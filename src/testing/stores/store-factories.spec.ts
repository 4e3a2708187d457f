import { describe, expect, it } from '@jest/globals';
import { begin, caller, chunk } from '../contracts/fixtures.js';
import { storeFactories } from './store-factories.js';

describe.each(storeFactories)('the $name factory', ({ durable, open }) => {
  it('opens stores that are empty and share their rows', async () => {
    const stores = await open();
    const context = caller();
    try {
      expect(await stores.runs.orphanedRuns(10, ['lab'])).toEqual([]);
      const writer = await begin(stores, context);
      await writer.write(chunk('a'));
      expect(await stores.runs.requestCancel(context, writer.run.taskId)).toMatchObject({ lastSeq: 2 });
      const again = await stores.reopen?.();
      expect(again !== undefined).toBe(durable);
      expect((await again?.tasks.head(context, writer.run.taskId))?.lastSeq).toBe(durable ? 2 : undefined);
      await again?.close();
    } finally {
      await stores.close();
    }
  });
});
