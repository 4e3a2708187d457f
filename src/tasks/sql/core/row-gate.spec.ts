import { describe, expect, it } from '@jest/globals';
import { Gate } from '../../../../test/support/agent-of.js';
import { TaskLockedError } from '../../task-locked.error.js';
import { RowGate } from './row-gate.js';

const turn = (): Promise<void> => new Promise(setImmediate);

describe('RowGate', () => {
  it('lets one call about a task in at a time, in order, and others about other tasks beside it', async () => {
    const gate = new RowGate(2);
    const [first, other] = [new Gate(), new Gate()];
    const order: string[] = [];
    const calls = [
      gate.runExclusive('a', async () => void (order.push('a1'), await first.opened)),
      gate.runExclusive('a', async () => void order.push('a2')),
      gate.runExclusive('b', async () => void (order.push('b'), await other.opened)),
      gate.runExclusive('c', async () => void order.push('c')),
    ];
    await turn();
    expect(order).toEqual(['a1', 'b']);
    other.open();
    await turn();
    expect(order).toEqual(['a1', 'b', 'c']);
    first.open();
    await Promise.all(calls);
    expect(order).toEqual(['a1', 'b', 'c', 'a2']);
  });

  it('refuses a call whose turn does not come, and lets the next in after a failure', async () => {
    const gate = new RowGate(1, 20);
    const stuck = new Gate();
    const first = gate.runExclusive('a', () => stuck.opened.then(() => Promise.reject(new Error('broken'))));
    await expect(gate.runExclusive('b', () => Promise.resolve())).rejects.toBeInstanceOf(TaskLockedError);
    const third = gate.runExclusive('c', () => Promise.resolve('in'));
    stuck.open();
    await expect(first).rejects.toThrow('broken');
    expect(await third).toBe('in');
  });
});
