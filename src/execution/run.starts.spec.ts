import { describe, expect, it } from '@jest/globals';
import { Gate } from '../../test/support/agent-of.js';
import { RunStarts } from './run.starts.js';

describe('RunStarts', () => {
  it('does one thing at a time for each task, in order, also after a failure', async () => {
    const starts = new RunStarts();
    const gate = new Gate();
    const done: string[] = [];
    const first = starts.inTurn('a', async () => {
      await gate.opened;
      done.push('a1');
      throw new Error('x');
    });
    const second = starts.inTurn('a', async () => void done.push('a2'));
    await starts.inTurn('b', async () => void done.push('b'));
    expect(done).toEqual(['b']);
    expect([starts.busy('a'), starts.busy('b')]).toEqual([true, false]);
    gate.open();
    await expect(first).rejects.toThrow('x');
    await second;
    expect(done).toEqual(['b', 'a1', 'a2']);
    expect(starts.busy('a')).toBe(false);
  });

  it('knows what runs, and what was lost', () => {
    const starts = new RunStarts();
    expect(starts.wasStarted('a')).toBe(false);
    starts.started('a');
    starts.started('b');
    expect(starts.wasStarted('a')).toBe(true);
    starts.ended('a', false);
    starts.ended('b', true);
    expect([starts.wasStarted('a'), starts.wasStarted('b')]).toEqual([false, true]);
    starts.started('b');
    starts.ended('b', false);
    expect(starts.wasStarted('b')).toBe(false);
  });

  it('forgets what was lost when a later start fails: the storage may speak of that one', async () => {
    const starts = new RunStarts();
    starts.ended('a', true);
    await starts.inTurn('a', () => Promise.reject(new Error('x'))).catch(() => undefined);
    expect(starts.wasStarted('a')).toBe(false);
  });

  it('remembers no more than the last 10,000 that were lost', () => {
    const starts = new RunStarts();
    for (let n = 0; n <= 10_000; n++) starts.ended(`${n}`, true);
    expect([starts.wasStarted('0'), starts.wasStarted('1'), starts.wasStarted('10000')]).toEqual([false, true, true]);
  });
});
