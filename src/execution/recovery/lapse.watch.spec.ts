import { describe, expect, it } from '@jest/globals';
import { LapseWatch } from './lapse.watch.js';

describe('LapseWatch', () => {
  it('tells of each lease once when it is over, and again when it ends again', async () => {
    let lapsed: string[] = [];
    const watch = new LapseWatch({ lapsedReplicas: () => Promise.resolve(lapsed) });
    const told: boolean[] = [];
    for (const now of [[], ['a'], ['a'], ['a', 'b'], ['b'], ['b', 'a']]) {
      lapsed = now;
      told.push(await watch.anyNew());
    }
    expect(told).toEqual([false, true, false, true, false, true]);
  });
});
