import { describe, expect, it } from '@jest/globals';
import { RunStarts } from './run.starts.js';

describe('RunStarts', () => {
  it('knows what runs, and what was lost', () => {
    const starts = new RunStarts();
    expect(starts.wasStarted('a', 1)).toBe(false);
    starts.started('a', 1);
    starts.started('b', 1);
    expect(starts.wasStarted('a', 1)).toBe(true);
    starts.ended('a', 1, false);
    starts.ended('b', 1, true);
    expect([starts.wasStarted('a', 1), starts.wasStarted('b', 1)]).toEqual([false, true]);
    starts.started('b', 2);
    starts.ended('b', 2, false);
    expect(starts.wasStarted('b', 1)).toBe(false);
  });

  it('tells a run that was lost from a later claim that was never started, by the fence', () => {
    const starts = new RunStarts();
    starts.started('a', 1);
    starts.ended('a', 1, true);
    expect([starts.wasStarted('a', 1), starts.wasStarted('a', 2)]).toEqual([true, false]);
    starts.started('a', 3);
    expect([starts.wasStarted('a', 2), starts.wasStarted('a', 3)]).toEqual([false, true]);
    starts.ended('a', 1, true);
    expect(starts.wasStarted('a', 3)).toBe(true);
  });

  it('remembers no more than the last 10,000 that were lost', () => {
    const starts = new RunStarts();
    for (let n = 0; n <= 10_000; n++) starts.ended(`${n}`, 1, true);
    const known = ['0', '1', '10000'].map((id) => starts.wasStarted(id, 1));
    expect(known).toEqual([false, true, true]);
  });
});
