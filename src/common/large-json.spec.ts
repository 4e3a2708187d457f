import { describe, expect, it } from '@jest/globals';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { isLarge, turnOfItsOwn } from './large-json.js';

describe('turnOfItsOwn', () => {
  it('is for what has 64 KiB and more', () => {
    expect([65_535, 65_536].map(isLarge)).toEqual([false, true]);
  });

  it('lets those who wait go on one in a turn of the event loop, in their order', async () => {
    const order: string[] = [];
    const step = async (name: string): Promise<void> => {
      await turnOfItsOwn();
      order.push(name);
    };
    const steps = ['a', 'b', 'c'].map(step);
    for (const _ of steps) {
      await nextTurn();
      order.push('-');
    }
    await Promise.all(steps);
    expect(order.join('')).toMatch(/^-?a-b-c-?$/);
    await step('d');
    expect(order.at(-1)).toBe('d');
  });
});
