import { describe, expect, it } from '@jest/globals';
import { SharedRead } from './shared-read.js';

describe('SharedRead', () => {
  it('reads once for callers at the same time, and gives the result again while it is fresh', async () => {
    let reads = 0;
    const shared = new SharedRead(() => Promise.resolve(++reads), 60_000);
    expect(await Promise.all([shared.get(), shared.get()])).toEqual([1, 1]);
    expect(await shared.get()).toBe(1);
  });

  it('reads again when the result is old', async () => {
    let reads = 0;
    const shared = new SharedRead(() => Promise.resolve(++reads), 0);
    expect(await shared.get()).toBe(1);
    expect(await shared.get()).toBe(2);
  });

  it('keeps no failure', async () => {
    let reads = 0;
    const shared = new SharedRead(
      () => (++reads === 1 ? Promise.reject(new Error('no')) : Promise.resolve(reads)),
      60_000,
    );
    await expect(shared.get()).rejects.toThrow('no');
    expect(await shared.get()).toBe(2);
  });
});
