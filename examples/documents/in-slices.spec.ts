import { describe, expect, it } from '@jest/globals';
import { inSlices } from './in-slices.js';

function busy(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

describe('inSlices', () => {
  it('visits all items in order', async () => {
    const seen: number[] = [];
    await inSlices([1, 2, 3], new AbortController().signal, (item) => void seen.push(item));
    expect(seen).toEqual([1, 2, 3]);
  });

  it('lets other work go on in between', async () => {
    let between = 0;
    const other = setInterval(() => between++, 1);
    await inSlices(Array.from({ length: 6 }), new AbortController().signal, () => busy(10));
    clearInterval(other);
    expect(between).toBeGreaterThan(0);
  });

  it('ends at the next slice when it is aborted', async () => {
    const abort = new AbortController();
    let visited = 0;
    const visiting = inSlices(Array.from({ length: 1000 }), abort.signal, () => {
      visited++;
      abort.abort(new Error('enough'));
      busy(10);
    });
    await expect(visiting).rejects.toThrow('enough');
    expect(visited).toBe(1);
  });
});
