import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Task } from '../protocol/model/index.js';
import { task } from '../testing/arbitraries/index.js';
import { taskJson } from './task-json.js';

it('makes of every task what JSON.stringify makes of it', async () => {
  await fc.assert(
    fc.asyncProperty(task(), async (made: Task) => {
      expect((await taskJson(made)).toString()).toBe(JSON.stringify({ task: made }));
    }),
    { numRuns: 100 },
  );
});

it('lets others have their turns meanwhile', async () => {
  const parts = Array.from({ length: 40 }, () => ({ text: 'ä'.repeat(100_000) }));
  const status = { state: 'TASK_STATE_COMPLETED' as const };
  const large: Task = { id: 't', contextId: 'c', status, artifacts: [{ artifactId: 'a', parts }], history: [] };
  let turns = 0;
  const count = setInterval(() => turns++, 0);
  const json = await taskJson(large);
  clearInterval(count);
  expect(json.toString()).toBe(JSON.stringify({ task: large }));
  expect(turns).toBeGreaterThan(0);
});
