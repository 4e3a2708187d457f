import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { COMPLETED, FAILED, RecoveryBench } from '../../../test/support/recovery-bench.js';
import { beginInterrupted, pause, status, type Writer } from '../../testing/contracts/fixtures.js';

describe('a task that nobody runs and nobody would look for', () => {
  let bench: RecoveryBench;
  let told: string[];
  let recoveryMs: number;
  beforeEach(async () => {
    told = [];
    for (const level of ['log', 'warn'] as const)
      jest.spyOn(Logger.prototype, level).mockImplementation(() => undefined);
    jest.spyOn(Logger.prototype, 'error').mockImplementation((text: unknown) => void told.push(String(text)));
    await open(10);
  });
  afterEach(async () => {
    await bench.close();
    jest.restoreAllMocks();
  });

  async function open(ms: number): Promise<void> {
    recoveryMs = ms;
    bench = await RecoveryBench.open({ recoveryMs });
  }

  /** As a defect would leave it, for longer than a process may need that is about to act on it. */
  async function forgotten(): Promise<Writer> {
    const writer = await bench.orphan();
    await writer.write(status('TASK_STATE_WORKING'));
    await bench.stores.runs.release(writer.run);
    await pause(4 * recoveryMs);
    return writer;
  }

  async function look(): Promise<void> {
    await bench.forgotten.look();
    await bench.idle();
  }

  it.each([
    [true, COMPLETED],
    [false, FAILED('RUN_LOST')],
  ])('is run again or fails, and is logged as a defect (resumable: %s)', async (resumable, end) => {
    bench.serve({ resumable });
    const writer = await forgotten();
    await bench.look();
    expect(await bench.endOf(writer)).toMatchObject({ state: 'TASK_STATE_WORKING' });
    await look();
    expect(await bench.endOf(writer)).toEqual(end);
    expect(told).toEqual([expect.stringContaining(writer.run.taskId)]);
    expect(told[0]).toMatch(/was TASK_STATE_WORKING and nobody ran it \(turn 1, fence 1\)\. It is a defect/);
  });

  it('waits in the line when there is no room for it', async () => {
    bench.serve({ resumable: true, maxRuns: 1 });
    const place = bench.room.tryAcquire(bench.lab, bench.caller);
    const room = bench.room.tryAcquire.bind(bench.room);
    jest.spyOn(bench.room, 'tryAcquire').mockImplementation(() => undefined);
    const writer = await forgotten();
    await look();
    expect(await bench.stores.runs.countWaiting(10, bench.caller.owner)).toBe(1);
    place?.release();
    jest.spyOn(bench.room, 'tryAcquire').mockImplementation(room);
    bench.line.look();
    await bench.line.onModuleDestroy();
    await bench.idle();
    expect(await bench.endOf(writer)).toEqual(COMPLETED);
  });

  it('is canceled when its client wished so and the process that was to do it is gone', async () => {
    const writer = await beginInterrupted(bench.stores, bench.caller);
    await bench.stores.runs.requestCancel(bench.caller, writer.run.taskId);
    await pause(4 * recoveryMs);
    await look();
    expect((await bench.endOf(writer)).state).toBe('TASK_STATE_CANCELED');
    expect(told[0]).toMatch(/was to be canceled and nobody did it/);
  });

  it('is left to one process at a time, and to the next look where it cannot be taken', async () => {
    await bench.close();
    // Two looks follow each other well within the time of the job, which is six times this.
    await open(500);
    const writer = await forgotten();
    jest.spyOn(bench.stores.runs, 'adopt').mockRejectedValueOnce(new Error('away'));
    await look();
    expect(told[0]).toMatch(/could not be taken over: Error: away/);
    await look();
    expect(told).toHaveLength(1);
    await pause(7 * recoveryMs);
    await look();
    expect(await bench.endOf(writer)).toEqual(FAILED('RUN_LOST'));
  });
});
