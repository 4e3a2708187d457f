import { describe, expect, it } from '@jest/globals';
import { TASK_STATES } from '../../../src/protocol/state/task-state.js';
import { bytes, count, duration } from './quantities.js';
import { shortState, stateLabel, stateOf } from './states.js';
import { localInput, relative } from './times.js';

describe('figures of the console', () => {
  it.each([
    [0, '0 ms'],
    [999, '999 ms'],
    [1_234, '1.23 s'],
    [59_999, '60.0 s'],
    [60_000, '1 min'],
    [90_000, '1 min 30 s'],
    [3_600_000, '1 h'],
    [90_000_000, '1 d 1 h'],
    [-5, '0 ms'],
  ])('show %s ms as %s', (ms, text) => expect(duration(ms)).toBe(text));

  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1_500, '1.5 kB'],
    [64_000_000, '64.0 MB'],
    [640_000_000, '640 MB'],
  ])('show %s bytes as %s', (value, text) => expect(bytes(value)).toBe(text));

  it('say that a count which stopped at its limit is a lower bound', () => {
    expect(count(100_000, 100_000)).toBe('100,000+');
    expect(count(99_999, 100_000)).toBe('99,999');
  });

  it('show times before and after now', () => {
    const now = Date.parse('2026-01-31T12:00:00Z');
    expect(relative('2026-01-31T11:59:48Z', now)).toBe('12 s ago');
    expect(relative('2026-01-31T12:03:05Z', now)).toBe('in 3 min');
    expect(relative('2026-01-31T12:00:00.400Z', now)).toBe('now');
  });

  it('write a time for a field so that it is read as the same time', () => {
    const ms = Date.parse('2026-01-31T12:34:00Z');
    expect(Date.parse(localInput(ms))).toBe(ms);
    expect(localInput(undefined)).toBe('');
  });

  it('have a name for each state, in texts and in addresses', () => {
    for (const state of TASK_STATES) {
      expect(stateLabel(state)).not.toContain('TASK_STATE');
      expect(stateOf(shortState(state))).toBe(state);
    }
    expect(stateOf('nonsense')).toBeUndefined();
  });
});
