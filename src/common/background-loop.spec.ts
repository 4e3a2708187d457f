import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { BackgroundLoop, type BackgroundLoopOptions } from './background-loop.js';
import { FailureLog } from './failure-log.js';

describe('BackgroundLoop', () => {
  const pass = jest.fn<() => Promise<void>>();
  /** One function per pending pass that ends it, oldest first. */
  let ends: ((error?: Error) => void)[];
  let loop: BackgroundLoop;
  const warn = jest.fn();
  const log = jest.fn();

  function open(options: Partial<BackgroundLoopOptions> = {}): BackgroundLoop {
    const failures = new FailureLog({ warn, log }, { failed: 'Cannot read', recovered: 'Can read again.' });
    return (loop = new BackgroundLoop({ pass, pauseMs: () => 1_000, failures, ...options }));
  }
  const passes = (): number => pass.mock.calls.length;
  const hold = (): void =>
    void pass.mockImplementation(
      () => new Promise((resolve, reject) => ends.push((error) => (error ? reject(error) : resolve()))),
    );
  /** Ends the pass in progress. */
  async function end(error?: Error): Promise<void> {
    ends.shift()?.(error);
    await jest.advanceTimersByTimeAsync(0);
  }

  beforeEach(() => {
    jest.useFakeTimers();
    for (const mock of [pass, warn, log]) mock.mockReset();
    pass.mockResolvedValue(undefined);
    ends = [];
  });
  afterEach(async () => {
    await loop.stop();
    jest.useRealTimers();
  });

  it('makes a pass after each pause, and asks for the pause anew', async () => {
    const pauses = [100, 500, 1_000];
    open({ pauseMs: () => pauses.shift() ?? 10_000 }).start();
    loop.start();
    expect([passes(), jest.getTimerCount()]).toEqual([0, 1]);
    for (const ms of [99, 1, 499, 1, 999, 1]) await jest.advanceTimersByTimeAsync(ms);
    expect(passes()).toBe(3);
  });

  it('counts the pause from the end of a pass', async () => {
    hold();
    open().start();
    await jest.advanceTimersByTimeAsync(10_000);
    expect(passes()).toBe(1);
    await end();
    await jest.advanceTimersByTimeAsync(999);
    expect(passes()).toBe(1);
    await jest.advanceTimersByTimeAsync(1);
    expect(passes()).toBe(2);
    await end();
  });

  it('makes a pass at once when woken, before the start too, and goes on with a whole pause', async () => {
    open().wake();
    expect(passes()).toBe(1);
    await jest.advanceTimersByTimeAsync(5_000);
    expect(passes()).toBe(1);
    loop.start();
    await jest.advanceTimersByTimeAsync(900);
    loop.wake();
    await jest.advanceTimersByTimeAsync(999);
    expect(passes()).toBe(2);
    await jest.advanceTimersByTimeAsync(1);
    expect(passes()).toBe(3);
  });

  it('makes one more pass, and one at a time, when woken often during one', async () => {
    hold();
    open().wake();
    for (let i = 0; i < 5; i++) loop.wake();
    expect(passes()).toBe(1);
    await end();
    expect(passes()).toBe(2);
    await end();
    await jest.advanceTimersByTimeAsync(5_000);
    expect(passes()).toBe(2);
  });

  it('makes one more pass after one that wakes the loop itself, also before its first await', async () => {
    let underWay = 0;
    pass.mockImplementation(async () => {
      expect(++underWay).toBe(1);
      if (passes() === 1) loop.wake();
      await Promise.resolve();
      underWay--;
    });
    open().wake();
    await jest.advanceTimersByTimeAsync(0);
    expect([passes(), warn.mock.calls]).toEqual([2, []]);
  });

  it('hears a wake at any moment of the end of a pass', async () => {
    for (let ticks = 0; ticks < 8; ticks++) {
      hold();
      const before = passes();
      open().wake();
      ends.shift()?.();
      for (let i = 0; i < ticks; i++) await Promise.resolve();
      loop.wake();
      await jest.advanceTimersByTimeAsync(0);
      await end();
      expect([ticks, passes() - before]).toEqual([ticks, 2]);
    }
  });

  it('logs the first failure and the recovery, and waits for the pause after a failure though it was woken', async () => {
    hold();
    open().start();
    loop.wake();
    loop.wake();
    await end(new Error('away'));
    expect([passes(), warn.mock.calls]).toEqual([1, [['Cannot read, trying again: Error: away']]]);
    await jest.advanceTimersByTimeAsync(1_000);
    await end(new Error('away'));
    await jest.advanceTimersByTimeAsync(1_000);
    await end();
    expect([passes(), warn.mock.calls.length, log.mock.calls]).toEqual([3, 1, [['Can read again.']]]);
  });

  it('goes on after a pass that throws, also where nothing logs that', async () => {
    pass.mockImplementation(() => {
      throw new Error('broken');
    });
    open({ failures: undefined }).start();
    await jest.advanceTimersByTimeAsync(3_000);
    expect(passes()).toBe(3);
  });

  it('leaves passes out while it is not ready', async () => {
    let ready = false;
    open({ ready: () => ready }).start();
    loop.wake();
    await jest.advanceTimersByTimeAsync(2_500);
    expect(passes()).toBe(0);
    ready = true;
    await jest.advanceTimersByTimeAsync(500);
    expect(passes()).toBe(1);
  });

  it('resolves stop when the pass under way is over, and makes no other, until it is started again', async () => {
    hold();
    open().start();
    loop.wake();
    loop.wake();
    const stopped = jest.fn();
    const stopping = loop.stop().then(stopped);
    loop.wake();
    await jest.advanceTimersByTimeAsync(5_000);
    expect([loop.stopped, stopped.mock.calls.length]).toEqual([true, 0]);
    await end();
    await stopping;
    loop.wake();
    await jest.advanceTimersByTimeAsync(5_000);
    expect([passes(), jest.getTimerCount()]).toEqual([1, 0]);
    loop.start();
    await jest.advanceTimersByTimeAsync(1_000);
    expect([loop.stopped, passes()]).toEqual([false, 2]);
    await end();
  });
});
