import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { COMPLETED, FAILED, RecoveryBench } from '../../../test/support/recovery-bench.js';
import { RunBench } from '../../../test/support/run-bench.js';
import { unavailable } from '../../protocol/errors/index.js';
import { TaskLockedError } from '../../tasks/task-locked.error.js';
import { begin, beginInterrupted, newTask, replica, status } from '../../testing/contracts/fixtures.js';

describe('RecoveryService', () => {
  let bench: RecoveryBench;
  beforeEach(async () => {
    for (const level of ['log', 'warn', 'error'] as const) {
      jest.spyOn(Logger.prototype, level).mockImplementation(() => undefined);
    }
    // No lease ends while the test changes the clock.
    bench = await RecoveryBench.open({ leaseMs: 2 ** 31 - 1 });
  });
  afterEach(async () => {
    await bench.close();
    jest.restoreAllMocks();
  });

  it('forgets messages that wait for tasks that have ended', async () => {
    const writer = await begin(bench.stores, bench.caller);
    await bench.put(writer, 'too late');
    await writer.write(status('TASK_STATE_COMPLETED'));
    await bench.look();
    expect(await bench.stores.inbox.sweep(10)).toBe(0);
  });

  it('leaves tasks of agents that are not here to processes that have them', async () => {
    const elsewhere = { ...bench.caller, agent: 'elsewhere' };
    const { run } = await begin(bench.stores, elsewhere, { runOwner: await replica(bench.stores, 0) });
    await bench.look();
    expect(await bench.stores.tasks.head(elsewhere, run.taskId)).toMatchObject({ fence: 1 });
  });

  it('deals with any number of tasks in one look', async () => {
    const orphans = await Promise.all(Array.from({ length: 250 }, () => bench.orphan()));
    await bench.look();
    for (const writer of orphans) expect(await bench.endOf(writer)).toEqual(FAILED('RUN_LOST'));
  });

  it('comes to those that fail at once behind a hundred for which there is no room', async () => {
    bench.serve({ resumable: true, maxRuns: 1 });
    bench.agents.set('brief', { ...bench.agent(() => Promise.resolve()), id: 'brief' });
    const place = bench.room.tryAcquire(bench.lab, bench.caller);
    const waiting = [];
    for (let n = 0; n < 120; n++) waiting.push(await bench.orphan());
    const canceled = await bench.orphan();
    await bench.stores.runs.requestCancel(bench.caller, canceled.run.taskId);
    const brief = { ...bench.caller, agent: 'brief' };
    const gone = await replica(bench.stores, 0);
    const failing = [];
    for (let n = 0; n < 10; n++) failing.push(await begin(bench.stores, brief, { runOwner: gone }));
    await bench.look();
    for (const { run } of failing)
      expect(await bench.stores.tasks.head(brief, run.taskId)).toMatchObject({ state: 'TASK_STATE_FAILED' });
    expect((await bench.endOf(canceled)).state).toBe('TASK_STATE_CANCELED');
    for (const writer of waiting) expect(await bench.headOf(writer)).toMatchObject({ fence: 1 });
    place?.release();
    await bench.look();
    expect(bench.executed.length).toBeGreaterThan(0);
  });

  it.each([
    ['is locked', (): Error => new TaskLockedError()],
    ['fails as if the storage were away', (): Error => unavailable('away')],
  ])('goes on with all others when one task of each kind %s', async (_, error) => {
    const broken = new Set<string>();
    const { takeover } = bench.stores.runs;
    jest.spyOn(bench.stores.runs, 'takeover').mockImplementation((taskId, owner) => {
      if (broken.has(taskId)) return Promise.reject(error());
      return takeover.call(bench.stores.runs, taskId, owner);
    });
    const [first, ...others] = await Promise.all(Array.from({ length: 20 }, () => bench.orphan()));
    if (!first) throw new Error('no task');
    broken.add(first.run.taskId);
    const unanswered = await beginInterrupted(bench.stores, bench.caller);
    await bench.put(unanswered, 'x');
    await bench.look();
    for (const writer of others) expect(await bench.endOf(writer)).toEqual(FAILED('RUN_LOST'));
    expect(await bench.endOf(unanswered)).toEqual(COMPLETED);
    expect((await bench.headOf(first))?.state).toBe('TASK_STATE_SUBMITTED');
    broken.clear();
    await bench.look();
    expect(await bench.endOf(first)).toEqual(FAILED('RUN_LOST'));
  });

  it('gives each task to one of several processes that look at once', async () => {
    const benches = [bench, new RunBench({}, { stores: bench.stores }), new RunBench({}, { stores: bench.stores })];
    bench.serve({ resumable: true });
    for (const each of benches) each.agents.set('lab', bench.lab);
    await Promise.all(benches.map(({ ready }) => ready));
    const orphans = await Promise.all(Array.from({ length: 30 }, () => bench.orphan()));
    const unanswered = await beginInterrupted(bench.stores, bench.caller);
    await bench.put(unanswered, 'x');
    await Promise.all(benches.map(({ recovery }) => recovery.look()));
    await Promise.all(benches.map((each) => each.idle()));
    for (const writer of [...orphans, unanswered]) expect(await bench.endOf(writer)).toEqual(COMPLETED);
    expect(bench.executed).toHaveLength(31);
    for (const each of benches.slice(1)) await each.close();
  });

  it('takes nothing while no lease is held, nor when the process is on its way out', async () => {
    const writer = await bench.orphan();
    const held = jest.spyOn(bench.replica, 'held', 'get').mockReturnValue(false);
    await bench.look();
    held.mockRestore();
    await bench.drain.drain();
    await bench.look();
    expect(await bench.headOf(writer)).toMatchObject({ fence: 1 });
  });

  describe('in the course of time', () => {
    beforeEach(() => void jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] }));
    afterEach(() => void jest.useRealTimers());

    it('looks soon after the start, then within recoveryMs, until the process ends', async () => {
      const looks = jest.spyOn(bench.recovery, 'look');
      bench.recovery.onApplicationBootstrap();
      await jest.advanceTimersByTimeAsync(1_000);
      expect(looks).toHaveBeenCalledTimes(1);
      for (let n = 2; n < 6; n++) {
        const before = looks.mock.calls.length;
        await jest.advanceTimersByTimeAsync(10_000);
        expect(looks.mock.calls.length).toBeGreaterThan(before);
      }
      await bench.recovery.onModuleDestroy();
      const before = looks.mock.calls.length;
      await jest.advanceTimersByTimeAsync(60_000);
      expect(looks).toHaveBeenCalledTimes(before);
    });

    it('looks as soon as a process was lost, however far off the next look is', async () => {
      const looks = jest.spyOn(bench.recovery, 'look');
      bench.recovery.onApplicationBootstrap();
      await jest.advanceTimersByTimeAsync(1_000);
      expect(looks).toHaveBeenCalledTimes(1);
      // At most half of the shortest time to the next scan.
      const writer = await begin(bench.stores, bench.caller, { runOwner: await replica(bench.stores, 1_000) });
      await jest.advanceTimersByTimeAsync(2_000);
      expect(looks).toHaveBeenCalledTimes(2);
      expect(await bench.endOf(writer)).toEqual(FAILED('RUN_LOST'));
      await bench.recovery.onModuleDestroy();
    });

    it('goes on looking when the storage was away, and says so once', async () => {
      const { orphanedRuns: orphans } = bench.stores.runs;
      let away = true;
      jest
        .spyOn(bench.stores.runs, 'orphanedRuns')
        .mockImplementation((...args) =>
          away ? Promise.reject(unavailable('away')) : orphans.apply(bench.stores.runs, args),
        );
      const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
      const writer = await bench.orphan();
      bench.recovery.onApplicationBootstrap();
      await jest.advanceTimersByTimeAsync(35_000);
      expect(warn).toHaveBeenCalledTimes(1);
      away = false;
      await jest.advanceTimersByTimeAsync(10_000);
      expect(await bench.endOf(writer)).toEqual(FAILED('RUN_LOST'));
      await bench.recovery.onModuleDestroy();
    });
  });

  it('does nothing of a task that is made without an owner: it is in the run queue', async () => {
    const task = newTask();
    await bench.stores.tasks.create(bench.caller, task);
    await bench.look();
    expect(await bench.stores.tasks.head(bench.caller, task.taskId)).toMatchObject({ fence: 1, attempt: 0 });
  });
});
