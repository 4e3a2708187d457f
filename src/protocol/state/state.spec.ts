import { describe, expect, it } from '@jest/globals';
import { longState, shortState } from './short-state.js';
import { INTERRUPTED_STATES, TASK_STATES, TERMINAL_STATES } from './task-state.js';
import { canTransition } from './task-state.js';

describe('canTransition', () => {
  it.each([...TERMINAL_STATES])('lets %s become nothing, not even itself', (from) => {
    expect(TASK_STATES.filter((to) => canTransition(from, to))).toEqual([]);
  });

  it('lets work that has begun become anything but submitted', () => {
    const refused = TASK_STATES.filter((to) => !canTransition('TASK_STATE_WORKING', to));
    expect(refused).toEqual(['TASK_STATE_SUBMITTED']);
  });

  it.each(['TASK_STATE_SUBMITTED' as const, ...INTERRUPTED_STATES])('lets %s become anything', (from) => {
    expect(TASK_STATES.filter((to) => canTransition(from, to))).toEqual(TASK_STATES);
  });

  it.each(['TASK_STATE_UNSPECIFIED', 'working', '', 'constructor'])('never stores %p', (to) => {
    expect(TASK_STATES.filter((from) => canTransition(from, to))).toEqual([]);
  });
});

describe('short states', () => {
  it('name each state, and back', () => {
    for (const state of TASK_STATES) expect(longState(shortState(state))).toBe(state);
    expect(TASK_STATES.map(shortState)).toEqual([
      'submitted',
      'working',
      'completed',
      'failed',
      'canceled',
      'input-required',
      'rejected',
      'auth-required',
    ]);
  });

  it.each(['unknown', 'cancelled', '', '__proto__'])('are no others: %p is refused by name', (short) => {
    expect(() => longState(short)).toThrow(new RangeError(`Unknown task state in storage: "${short}"`));
  });
});
