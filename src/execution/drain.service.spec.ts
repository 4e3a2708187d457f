import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { Gate } from '../../test/support/agent-of.js';
import { RunBench } from '../../test/support/run-bench.js';
import { DrainService } from './drain.service.js';

describe('DrainService', () => {
  let bench: RunBench;
  let drain: DrainService;
  beforeEach(() => {
    jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    jest.spyOn(Logger.prototype, 'log').mockImplementation(() => undefined);
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await bench.close();
  });

  function begin(drainMs: number): void {
    bench = new RunBench({ drainMs });
    drain = new DrainService(bench.registry, bench.replica, bench.options, bench.stores.runs);
  }

  it('takes no more work from the moment it begins, with an error that says to try again', async () => {
    begin(10_000);
    expect(() => drain.assertOpen()).not.toThrow();
    const drained = drain.drain();
    expect(drain.draining).toBe(true);
    expect(() => drain.assertOpen()).toThrow(/shutting down/);
    expect(drain.drain()).toBe(drained);
    await drained;
  });

  it('gives runs their time: one that ends within it ends by itself', async () => {
    begin(10_000);
    const gate = new Gate();
    const { taskId } = await bench.start(bench.agent(() => gate.opened));
    const drained = drain.drain();
    expect(() => drain.assertNotClosed()).not.toThrow();
    gate.open();
    await drained;
    expect(() => drain.assertNotClosed()).toThrow(/shutting down/);
    expect((await bench.task(taskId)).status.state).toBe('TASK_STATE_COMPLETED');
  });

  it('ends the rest when the time is up, with the reason in the task, and gives the lease back', async () => {
    begin(0);
    const agent = bench.agent(async (_context, updater) => {
      await updater.addArtifact('so far');
      await new Promise(() => undefined);
    });
    const tasks = [await bench.start(agent), await bench.start(agent)];
    await drain.drain();
    expect(bench.registry.size).toBe(0);
    for (const { taskId } of tasks) {
      expect(await bench.task(taskId)).toMatchObject({
        status: { state: 'TASK_STATE_FAILED', message: { metadata: { reason: 'SHUTDOWN' } } },
        artifacts: [{ parts: [{ text: 'so far' }] }],
      });
    }
    expect(await bench.stores.runs.renewReplica(bench.replica.id, 1000)).toBe(false);
  });

  it.each([
    ['here, whose agent takes its time', (taskId: string) => void bench.registry.get(taskId)?.cancel()],
    ['at another process, of which nothing has been heard yet', () => undefined],
  ])('ends a task canceled that was canceled %s', async (_where, hear) => {
    begin(0);
    const { taskId } = await bench.start(bench.agent(() => new Promise(() => undefined)));
    const other = await bench.start(bench.agent(() => new Promise(() => undefined)));
    await bench.stores.runs.requestCancel(bench.caller, taskId);
    hear(taskId);
    await drain.drain();
    expect((await bench.task(taskId)).status).toMatchObject({ state: 'TASK_STATE_CANCELED' });
    expect((await bench.task(other.taskId)).status).toMatchObject({ state: 'TASK_STATE_FAILED' });
  });

  it('ends a cancel that comes while it waits for runs as a cancel', async () => {
    begin(300);
    const { taskId } = await bench.start(bench.agent(() => new Promise(() => undefined)));
    const drained = drain.drain();
    await bench.canceler.cancel(bench.caller, taskId);
    await drained;
    expect((await bench.task(taskId)).status).toMatchObject({ state: 'TASK_STATE_CANCELED' });
  });

  it('goes on when the storage cannot say what is to be canceled', async () => {
    begin(0);
    const { taskId } = await bench.start(bench.agent(() => new Promise(() => undefined)));
    jest.spyOn(bench.stores.runs, 'cancelRequests').mockRejectedValue(new Error('away'));
    await drain.drain();
    expect((await bench.task(taskId)).status).toMatchObject({ state: 'TASK_STATE_FAILED' });
  });

  describe('while storage is unavailable', () => {
    it('rejects, naming the runs whose ends are not stored, after all else is done', async () => {
      begin(0);
      const back = new Gate();
      const { append } = bench.stores.tasks;
      await bench.start(bench.agent(() => new Promise(() => undefined)));
      jest.spyOn(bench.stores.tasks, 'append').mockImplementation(async (...args) => {
        await back.opened;
        return append.apply(bench.stores.tasks, args);
      });
      await expect(drain.drain()).rejects.toThrow('the ends of 1 runs are not stored');
      expect(() => drain.assertNotClosed()).toThrow(/shutting down/);
      expect(await bench.stores.runs.renewReplica(bench.replica.id, 1000)).toBe(false);
      // The application's later hooks still run.
      await drain.onModuleDestroy();
      back.open();
    });

    it('rejects when the lease cannot be given back', async () => {
      begin(0);
      await bench.ready;
      jest.spyOn(bench.stores.runs, 'removeReplica').mockRejectedValueOnce(new Error('away'));
      await expect(drain.drain()).rejects.toThrow('the ends of 0 runs are not stored');
    });
  });
});
