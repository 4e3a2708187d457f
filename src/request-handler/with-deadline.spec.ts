import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { withDeadline } from './with-deadline.js';

const aborted = (signal: AbortSignal): Promise<string> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve('ended')));

describe('within', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('gives what was waited for, or throws it, and leaves no timer behind', async () => {
    expect(await withDeadline(1000, undefined, async () => 'here')).toBe('here');
    await expect(withDeadline(1000, undefined, () => Promise.reject(new Error('gone')))).rejects.toThrow('gone');
    expect(jest.getTimerCount()).toBe(0);
  });

  it('ends the wait when the time is up', async () => {
    const waiting = withDeadline(1000, undefined, aborted);
    jest.advanceTimersByTime(1000);
    expect(await waiting).toBe('ended');
  });

  it('ends the wait when the caller left', async () => {
    const left = new AbortController();
    const waiting = withDeadline(1000, left.signal, aborted);
    left.abort();
    expect(await waiting).toBe('ended');
    expect(jest.getTimerCount()).toBe(0);
  });
});
