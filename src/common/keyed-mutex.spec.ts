import { describe, expect, it } from '@jest/globals';
import { Gate } from '../../test/support/agent-of.js';
import { KeyedMutex } from './keyed-mutex.js';

describe('KeyedMutex', () => {
  it('runs one piece of work at a time for each key, in order, also after a failure', async () => {
    const mutex = new KeyedMutex();
    const gate = new Gate();
    const done: string[] = [];
    const first = mutex.runExclusive('a', async () => {
      await gate.opened;
      done.push('a1');
      throw new Error('x');
    });
    const second = mutex.runExclusive('a', async () => void done.push('a2'));
    await mutex.runExclusive('b', async () => void done.push('b'));
    expect(done).toEqual(['b']);
    expect([mutex.isLocked('a'), mutex.isLocked('b')]).toEqual([true, false]);
    gate.open();
    await expect(first).rejects.toThrow('x');
    await second;
    expect(done).toEqual(['b', 'a1', 'a2']);
    expect(mutex.isLocked('a')).toBe(false);
  });
});
