import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { RunBench } from '../../../test/support/run-bench.js';
import { incoming } from '../../testing/contracts/fixtures.js';

describe('a process that loses its lease', () => {
  let bench: RunBench;
  beforeEach(() => {
    for (const level of ['log', 'warn', 'error'] as const) {
      jest.spyOn(Logger.prototype, level).mockImplementation(() => undefined);
    }
    bench = new RunBench({ leaseMs: 300 });
  });
  afterEach(async () => {
    await bench.replica.leave();
    await bench.close();
    jest.restoreAllMocks();
  });

  /** Resolves when the service has another id and holds a lease for it. */
  async function lose(): Promise<void> {
    const { id } = bench.replica;
    await bench.stores.runs.removeReplica(id);
    bench.replica.onApplicationBootstrap();
    while (bench.replica.id === id) await new Promise((resolve) => setTimeout(resolve, 5));
    while (!(await bench.stores.runs.renewReplica(bench.replica.id, 300))) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  it('aborts its runs, and takes no others until it has a lease again', async () => {
    const aborted: unknown[] = [];
    const { taskId } = await bench.start(
      bench.agent(
        ({ signal }) =>
          new Promise((resolve) =>
            signal.addEventListener('abort', () => {
              aborted.push((signal.reason as { why: string }).why);
              expect(() => bench.replica.owner()).toThrow(/lost its storage.*again/i);
              resolve();
            }),
          ),
      ),
    );
    const { id } = bench.replica;
    await lose();
    await bench.idle();
    expect(aborted).toEqual(['lost-ownership']);
    expect(bench.replica.owner()).not.toBe(id);
    expect((await bench.stores.runs.orphanedRuns(10, ['lab'])).map((head) => head.taskId)).toEqual([taskId]);
  });

  it('runs a task that was made under the old lease under the new one', async () => {
    const { create } = bench.stores.tasks;
    jest.spyOn(bench.stores.tasks, 'create').mockImplementation(async (...args) => {
      const created = await create.apply(bench.stores.tasks, args);
      await lose();
      return created;
    });
    const { taskId } = await bench.start(bench.agent((_context, updater) => updater.requiresInput()));
    await bench.idle();
    const head = await bench.stores.tasks.head(bench.caller, taskId);
    expect(head).toMatchObject({ state: 'TASK_STATE_INPUT_REQUIRED', fence: 2, turn: 1, attempt: 1 });
  });

  it('does not run a task that was made under the old lease when it has no new one', async () => {
    const { create } = bench.stores.tasks;
    jest.spyOn(bench.stores.tasks, 'create').mockImplementation(async (...args) => {
      const created = await create.apply(bench.stores.tasks, args);
      jest.spyOn(bench.stores.runs, 'registerReplica').mockRejectedValue(new Error('away'));
      const { id } = bench.replica;
      await bench.stores.runs.removeReplica(id);
      bench.replica.onApplicationBootstrap();
      while (bench.replica.id === id) await new Promise((resolve) => setTimeout(resolve, 5));
      return created;
    });
    const executed = jest.fn(() => Promise.resolve());
    await expect(bench.start(bench.agent(executed))).rejects.toThrow('known');
    expect(bench.registry.size).toBe(0);
    expect(executed).not.toHaveBeenCalled();
    expect(await bench.stores.runs.orphanedRuns(10, ['lab'])).toHaveLength(1);
  });

  it('does not run a turn that was claimed under the old lease', async () => {
    const turns: number[] = [];
    const agent = bench.agent(async ({ turn }, updater) => {
      turns.push(turn);
      await updater.requiresInput();
    });
    const { taskId } = await bench.start(agent);
    await bench.idle();
    await bench.stores.inbox.put(bench.caller, taskId, incoming('more'), 'digest', 16);
    const claim = bench.stores.runs.claimTurn.bind(bench.stores.runs);
    jest.spyOn(bench.stores.runs, 'claimTurn').mockImplementation(async (...args) => {
      const claimed = await claim(...args);
      await lose();
      return claimed;
    });
    await bench.followUps.start(agent, bench.caller, taskId);
    expect(bench.registry.size).toBe(0);
    expect(turns).toEqual([1]);
    expect((await bench.stores.runs.orphanedRuns(10, ['lab'])).map((head) => head.taskId)).toEqual([taskId]);
  });
});
