import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { SilenceWatch } from './silence.watch.js';

describe('SilenceWatch', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('expires what shows no sign of life, and not what does', () => {
    const watch = new SilenceWatch();
    const expired: string[] = [];
    let bytes = 0;
    watch.watch({ progress: () => 0, idleMs: 30_000, expired: (why) => expired.push(`silent ${why}`) });
    watch.watch({ progress: () => bytes++, idleMs: 30_000, expired: (why) => expired.push(`alive ${why}`) });
    jest.advanceTimersByTime(29_000);
    expect(expired).toEqual([]);
    jest.advanceTimersByTime(4_000);
    expect(expired).toEqual(['silent idle']);
  });

  it('expires what takes too long in all although it is alive', () => {
    const expired: string[] = [];
    let bytes = 0;
    const given = { progress: () => bytes++, idleMs: 30_000, limitMs: 120_000 };
    new SilenceWatch().watch({ ...given, expired: (why) => expired.push(why) });
    jest.advanceTimersByTime(119_000);
    expect(expired).toEqual([]);
    jest.advanceTimersByTime(4_000);
    expect(expired).toEqual(['limit']);
  });

  it('forgets what has ended, and keeps no timer then', () => {
    const watch = new SilenceWatch();
    const end = watch.watch({ progress: () => 0, idleMs: 1_000, expired: () => expect(true).toBe(false) });
    expect(jest.getTimerCount()).toBe(1);
    end();
    jest.advanceTimersByTime(5_000);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('does not count time in which the event loop stood still', () => {
    const expired: string[] = [];
    new SilenceWatch().watch({ progress: () => 0, idleMs: 10_000, expired: (why) => expired.push(why) });
    jest.advanceTimersByTime(1_000);
    // The clock advances, and no timer fires.
    jest.setSystemTime(Date.now() + 60_000);
    jest.advanceTimersByTime(1_000);
    expect(expired).toEqual([]);
    jest.advanceTimersByTime(12_000);
    expect(expired).toEqual(['idle']);
  });
});
