import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { setImmediate as nextLoop, setTimeout as sleep } from 'node:timers/promises';
import { type Execute, RunBench } from '../../../test/support/run-bench.js';
import { rejectWhenAborted } from '../../../test/support/until-aborted.js';
import { newId } from '../../protocol/ids.js';
import { status, Writer } from '../../testing/contracts/fixtures.js';

const hanging: Execute = () => new Promise(() => undefined);

describe('RunListener', () => {
  let bench: RunBench;
  afterEach(() => bench.close());

  /** A listener that hears the bus and, with `pollMs`, polls by itself. */
  function listen(pollMs?: number): { asked: () => number } {
    bench = new RunBench({ cancelTimeoutMs: 60_000 }, { pollMs });
    const asked = jest.spyOn(bench.stores.runs, 'cancelRequests');
    bench.listener.onApplicationBootstrap();
    return { asked: () => asked.mock.calls.length };
  }

  /** As another replica does. */
  const requestCancel = (taskId: string) => bench.stores.runs.requestCancel(bench.caller, taskId);
  const stateOf = async (taskId: string): Promise<string> => (await bench.task(taskId)).status.state;

  it('cancels a run when the bus says so', async () => {
    listen();
    const { taskId } = await bench.start(bench.agent(rejectWhenAborted));
    const other = await bench.start(bench.agent(hanging));
    await requestCancel(taskId);
    bench.bus.wake([{ taskId, seq: 1, forOwner: true }]);
    while (bench.registry.get(taskId)) await nextLoop();
    expect([await stateOf(taskId), await stateOf(other.taskId)]).toEqual([
      'TASK_STATE_CANCELED',
      'TASK_STATE_SUBMITTED',
    ]);
  });

  it('finds by asking again and again what the bus did not say', async () => {
    listen(10);
    const { taskId } = await bench.start(bench.agent(rejectWhenAborted));
    await requestCancel(taskId);
    await bench.idle();
    expect(await stateOf(taskId)).toBe('TASK_STATE_CANCELED');
  });

  it('asks nothing while nothing runs, nor for what its own runs write', async () => {
    const { asked } = listen(5);
    await sleep(30);
    expect(asked()).toBe(0);
    bench.bus.wake([{ taskId: newId(), seq: 1, forOwner: true }]);
    const head = jest.spyOn(bench.stores.tasks, 'head');
    await bench.close();
    const quiet = listen();
    const { taskId } = await bench.start(
      bench.agent(async (_context, updater) => {
        for (let i = 0; i < 20; i++) await updater.addArtifact(`${i}`);
      }),
    );
    await bench.idle();
    await nextLoop();
    expect([await stateOf(taskId), quiet.asked(), head.mock.calls.length]).toEqual(['TASK_STATE_COMPLETED', 0, 0]);
  });

  it('asks once for many that come at once, and once more for those that come meanwhile', async () => {
    const { asked } = listen();
    const started = await Promise.all(Array.from({ length: 50 }, () => bench.start(bench.agent(rejectWhenAborted))));
    for (const { taskId } of started) {
      await requestCancel(taskId);
      bench.bus.wake([{ taskId, seq: 1, forOwner: true }]);
    }
    await bench.idle();
    expect(asked()).toBeLessThanOrEqual(2);
    for (const { taskId } of started) expect(await stateOf(taskId)).toBe('TASK_STATE_CANCELED');
  });

  it('stops a run whose task another replica has taken and ended', async () => {
    listen();
    const { taskId, run } = await bench.start(bench.agent(hanging));
    const seized = await bench.stores.runs.forceClaim(bench.caller, taskId, 'another');
    await new Writer(bench.stores.tasks, seized!.run, seized!.lastSeq).write(status('TASK_STATE_CANCELED'));
    expect(bench.registry.get(taskId)).toBe(run);
    bench.bus.wake([{ taskId, seq: 2 }]);
    await bench.idle();
    expect(await bench.events(taskId)).toHaveLength(2);
  });

  it('lets a run go on that still has its task, whatever is said', async () => {
    listen();
    const { taskId, run } = await bench.start(bench.agent(rejectWhenAborted));
    bench.bus.wake([{ taskId, seq: 99, forOwner: true }]);
    await sleep(20);
    expect([bench.registry.get(taskId), run.lastSeq]).toEqual([run, 1]);
  });

  it('logs once that the storage is unreachable, and asks again', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    listen(5);
    const { taskId } = await bench.start(bench.agent(rejectWhenAborted));
    jest
      .spyOn(bench.stores.runs, 'cancelRequests')
      .mockRejectedValueOnce(new Error('away'))
      .mockRejectedValueOnce(new Error('away'));
    await requestCancel(taskId);
    await bench.idle();
    expect(await stateOf(taskId)).toBe('TASK_STATE_CANCELED');
    expect(warn).toHaveBeenCalledTimes(1);
    warn.mockRestore();
  });

  it('is silent after the shutdown', async () => {
    const { asked } = listen(5);
    const { taskId, run } = await bench.start(bench.agent(hanging));
    bench.listener.onApplicationShutdown();
    await requestCancel(taskId);
    const before = asked();
    bench.bus.wake([{ taskId, seq: 1, forOwner: true }]);
    await sleep(20);
    expect(asked()).toBe(before);
    run.stop('lost-ownership');
  });
});
