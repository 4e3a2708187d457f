import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { LatestSeqPoller, POLL_PAGE, type TaskWatcher } from './latest-seq.poller.js';

type LastSeqs = ConstructorParameters<typeof LatestSeqPoller>[0]['lastSeqs'];

describe('LatestSeqPoller', () => {
  const scope = { owner: 'ada', tenant: '', agent: 'lab' };
  const lastSeqs = jest.fn<LastSeqs>();
  const watcher = (taskId: string, knownSeq: number): TaskWatcher & { look: jest.Mock<TaskWatcher['look']> } => ({
    taskId,
    scope,
    following: true,
    knownSeq,
    look: jest.fn<TaskWatcher['look']>(),
  });

  beforeEach(() => {
    jest.useFakeTimers();
    lastSeqs.mockReset();
  });
  afterEach(() => void jest.useRealTimers());

  it('asks once for all tasks and wakes those who are behind or whose task is gone', async () => {
    const poller = new LatestSeqPoller({ lastSeqs }, 1000);
    const [behind, current, twin, gone] = [watcher('a', 3), watcher('a', 5), watcher('b', 1), watcher('c', 1)];
    for (const each of [behind, current, twin, gone]) poller.watch(each);
    lastSeqs.mockResolvedValue(
      new Map([
        ['a', 5],
        ['b', 1],
      ]),
    );
    await jest.advanceTimersByTimeAsync(1000);
    expect(lastSeqs.mock.calls).toEqual([[['a', 'b', 'c'].map((taskId) => ({ taskId, ...scope }))]]);
    expect(behind.look.mock.calls).toEqual([[5]]);
    expect(gone.look.mock.calls).toEqual([[undefined]]);
    expect([current.look.mock.calls, twin.look.mock.calls]).toEqual([[], []]);
  });

  it('does not ask in the name of a watcher that was not shown the task', async () => {
    const poller = new LatestSeqPoller({ lastSeqs }, 1000);
    const stranger = { ...watcher('a', 1), scope: { ...scope, owner: 'eve' }, following: false };
    poller.watch(stranger);
    poller.watch({ ...watcher('b', 1), following: false });
    poller.watch(watcher('a', 1));
    lastSeqs.mockResolvedValue(new Map());
    await jest.advanceTimersByTimeAsync(1000);
    expect(lastSeqs.mock.calls).toEqual([[[{ taskId: 'a', ...scope }]]]);
  });

  it('has a timer only while somebody watches', async () => {
    const poller = new LatestSeqPoller({ lastSeqs }, 1000);
    lastSeqs.mockResolvedValue(new Map([['a', 1]]));
    expect(jest.getTimerCount()).toBe(0);
    const unwatch = poller.watch(watcher('a', 1));
    await jest.advanceTimersByTimeAsync(2500);
    expect([lastSeqs.mock.calls.length, jest.getTimerCount()]).toEqual([2, 1]);
    unwatch();
    unwatch();
    expect([poller.watched, jest.getTimerCount()]).toEqual([0, 0]);
  });

  it('asks again after a failure, says so once, and never asks twice at a time', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    const poller = new LatestSeqPoller({ lastSeqs }, 1000);
    const one = watcher('a', 1);
    poller.watch(one);
    lastSeqs.mockRejectedValueOnce(new Error('away')).mockRejectedValueOnce(new Error('away'));
    let answer = (_seqs: Map<string, number>): void => {};
    lastSeqs.mockImplementationOnce(() => new Promise((resolve) => (answer = resolve)));
    await jest.advanceTimersByTimeAsync(2000);
    poller.watch(watcher('b', 1));
    await jest.advanceTimersByTimeAsync(9000);
    expect([lastSeqs.mock.calls.length, warn.mock.calls.length]).toEqual([3, 1]);
    answer(new Map([['a', 2]]));
    await jest.advanceTimersByTimeAsync(0);
    expect(one.look.mock.calls).toEqual([[2]]);
    warn.mockRestore();
  });

  it('asks for many tasks a thousand at a time, one query after the other', async () => {
    const poller = new LatestSeqPoller({ lastSeqs }, 1000);
    const watchers = Array.from({ length: 2 * POLL_PAGE + 1 }, (_, index) => watcher(`task-${index}`, 1));
    for (const each of watchers) poller.watch(each);
    let underWay = 0;
    lastSeqs.mockImplementation(async (asked) => {
      underWay += 1;
      expect(underWay).toBe(1);
      await Promise.resolve();
      underWay -= 1;
      return new Map(asked.map(({ taskId }) => [taskId, 2]));
    });
    await jest.advanceTimersByTimeAsync(1000);
    expect(lastSeqs.mock.calls.map(([asked]) => asked.length)).toEqual([POLL_PAGE, POLL_PAGE, 1]);
    expect(watchers.every(({ look }) => look.mock.calls.length === 1)).toBe(true);
  });

  it('asks less often when asking takes long, but no less than each ten times the pause', async () => {
    const poller = new LatestSeqPoller({ lastSeqs }, 1000);
    poller.watch(watcher('a', 1));
    const taking = (ms: number): void =>
      void lastSeqs.mockImplementation(() => new Promise((resolve) => setTimeout(resolve, ms, new Map([['a', 1]]))));
    taking(500);
    await jest.advanceTimersByTimeAsync(1000 + 500);
    expect(lastSeqs).toHaveBeenCalledTimes(1);
    await jest.advanceTimersByTimeAsync(9 * 500 - 1);
    expect(lastSeqs).toHaveBeenCalledTimes(1);
    taking(60_000);
    await jest.advanceTimersByTimeAsync(1 + 60_000 + 10_000 - 1);
    expect(lastSeqs).toHaveBeenCalledTimes(2);
    taking(0);
    await jest.advanceTimersByTimeAsync(1 + 1000 + 5);
    expect(lastSeqs).toHaveBeenCalledTimes(4);
  });

  it('asks at once after a gap, once more when it was asking already, and goes on as before', async () => {
    const poller = new LatestSeqPoller({ lastSeqs }, 1000);
    poller.pollNow();
    expect([lastSeqs.mock.calls.length, jest.getTimerCount()]).toEqual([0, 0]);
    poller.watch(watcher('a', 1));
    let answer = (_seqs: Map<string, number>): void => {};
    lastSeqs.mockImplementationOnce(() => new Promise((resolve) => (answer = resolve)));
    lastSeqs.mockResolvedValue(new Map([['a', 1]]));
    poller.pollNow();
    expect(lastSeqs).toHaveBeenCalledTimes(1);
    poller.pollNow();
    poller.pollNow();
    await jest.advanceTimersByTimeAsync(5000);
    expect(lastSeqs).toHaveBeenCalledTimes(1);
    answer(new Map([['a', 1]]));
    await jest.advanceTimersByTimeAsync(1);
    expect(lastSeqs).toHaveBeenCalledTimes(2);
    await jest.advanceTimersByTimeAsync(990);
    expect(lastSeqs).toHaveBeenCalledTimes(2);
    await jest.advanceTimersByTimeAsync(20);
    expect(lastSeqs).toHaveBeenCalledTimes(3);
  });

  it('passes on what the bus says to those who do not know it', () => {
    const poller = new LatestSeqPoller({ lastSeqs }, 1000);
    const one = watcher('a', 4);
    const unwatch = poller.watch(one);
    poller.heard([
      { taskId: 'a', seq: 4 },
      { taskId: 'b', seq: 9 },
    ]);
    poller.heard([{ taskId: 'a', seq: 6 }]);
    unwatch();
    expect(one.look.mock.calls).toEqual([[6]]);
  });
});
