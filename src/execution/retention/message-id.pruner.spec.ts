import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { TaskStore } from '../../tasks/task-store.interface.js';
import { MessageIdPruner } from './message-id.pruner.js';

const MINUTE = 60_000;

describe('MessageIdPruner', () => {
  const forgetMessages = jest.fn<TaskStore['forgetMessages']>();
  let window: MessageIdPruner;
  beforeEach(() => {
    jest.useFakeTimers();
    forgetMessages.mockReset().mockResolvedValue(0);
  });
  afterEach(() => {
    window.onApplicationShutdown();
    jest.useRealTimers();
  });

  function open(messageWindowMs: number): void {
    window = new MessageIdPruner({ forgetMessages }, { messageWindowMs });
    window.onApplicationBootstrap();
  }

  it('forgets what is older than the window, every few minutes, until there is no more', async () => {
    open(24 * 60 * MINUTE);
    await jest.advanceTimersByTimeAsync(5 * MINUTE - 1);
    expect(forgetMessages).not.toHaveBeenCalled();
    forgetMessages.mockResolvedValueOnce(1000).mockResolvedValueOnce(1000).mockResolvedValueOnce(999);
    await jest.advanceTimersByTimeAsync(10 * MINUTE);
    expect(forgetMessages.mock.calls.slice(0, 3)).toEqual(Array.from({ length: 3 }, () => [24 * 60 * MINUTE, 1000]));
    await jest.advanceTimersByTimeAsync(150 * MINUTE);
    expect(forgetMessages.mock.calls.length).toBeGreaterThan(3 + 9);
  });

  it('looks more often when the window is short', async () => {
    open(MINUTE);
    await jest.advanceTimersByTimeAsync(MINUTE);
    expect(forgetMessages.mock.calls.length).toBeGreaterThanOrEqual(2);
  });

  it('tries again after a failure, and stops at the shutdown', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    open(MINUTE);
    forgetMessages.mockRejectedValueOnce(new Error('away'));
    await jest.advanceTimersByTimeAsync(2 * MINUTE);
    expect(warn).toHaveBeenCalledTimes(1);
    expect(forgetMessages.mock.calls.length).toBeGreaterThan(1);
    window.onApplicationShutdown();
    forgetMessages.mockClear();
    await jest.advanceTimersByTimeAsync(60 * MINUTE);
    expect(forgetMessages).not.toHaveBeenCalled();
    warn.mockRestore();
  });
});
