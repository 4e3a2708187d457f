import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { Gate } from '../../../test/support/agent-of.js';
import { COMPLETED, FAILED, RecoveryBench } from '../../../test/support/recovery-bench.js';
import { until } from '../../testing/contracts/until.js';
import { unavailable } from '../../protocol/errors/index.js';
import { isTerminal } from '../../protocol/state/task-state.js';
import { beginInterrupted, status, userMessage, type Writer } from '../../testing/contracts/fixtures.js';

describe('recovery of what a process owns and does not run, and through outages', () => {
  let bench: RecoveryBench;
  beforeEach(async () => {
    for (const level of ['log', 'warn', 'error'] as const) {
      jest.spyOn(Logger.prototype, level).mockImplementation(() => undefined);
    }
    bench = await RecoveryBench.open();
  });
  afterEach(async () => {
    await bench.close();
    jest.restoreAllMocks();
  });

  describe('of what this process owns and does not run', () => {
    it('begins a task whose creation had an unknown outcome, as if nothing had happened', async () => {
      const { create } = bench.stores.tasks;
      jest.spyOn(bench.stores.tasks, 'create').mockImplementationOnce(async (...args) => {
        await create.apply(bench.stores.tasks, args);
        throw unavailable('away');
      });
      const agent = bench.lab;
      const request = { message: userMessage('go'), metadata: { a: 1 } };
      const send = () => bench.starter.start(agent, request, 'digest', bench.caller);
      await expect(send()).rejects.toMatchObject({ reason: 'UNAVAILABLE' });
      const again = await send();
      expect(again).toMatchObject({ kind: 'duplicate', sameContent: true });
      expect(bench.executed).toEqual([]);
      await bench.look();
      expect(bench.executed).toMatchObject([{ userText: 'go', metadata: { a: 1 }, turn: 1, attempt: 1 }]);
      const taskId = again.kind === 'duplicate' ? again.taskId : '';
      expect((await bench.task(taskId)).status.state).toBe('TASK_STATE_COMPLETED');
    });

    it.each([
      [false, FAILED('RUN_LOST'), 1],
      [true, COMPLETED, 2],
    ])('goes on with a run that was given up for want of storage (resumable: %s)', async (resumable, end, runs) => {
      bench.serve({ resumable }, (_context, updater) => updater.complete());
      jest.spyOn(bench.stores.tasks, 'append').mockRejectedValueOnce(unavailable('away'));
      const { taskId } = await bench.start(bench.lab);
      await bench.idle();
      expect((await bench.task(taskId)).status.state).toBe('TASK_STATE_SUBMITTED');
      await bench.look();
      expect(bench.executed.map(({ attempt }) => attempt)).toEqual([1, 2].slice(0, runs));
      const { status: ended } = await bench.task(taskId);
      expect({ state: ended.state, reason: ended.message?.metadata?.['reason'] }).toEqual(end);
    });

    it('leaves alone what is just being canceled by force', async () => {
      const writer = await beginInterrupted(bench.stores, bench.caller);
      const { taskId } = writer.run;
      const { append } = bench.stores.tasks;
      const [seized, goOn] = [new Gate(), new Gate()];
      jest.spyOn(bench.stores.tasks, 'append').mockImplementationOnce(async (...args) => {
        seized.open();
        await goOn.opened;
        return append.apply(bench.stores.tasks, args);
      });
      const canceled = bench.canceler.cancel(bench.caller, taskId);
      await seized.opened;
      await bench.recovery.look();
      goOn.open();
      await canceled;
      expect(await bench.headOf(writer)).toMatchObject({ state: 'TASK_STATE_CANCELED', fence: 2 });
    });

    it('leaves alone what runs, and what is just being started', async () => {
      const [running, creating] = [new Gate(), new Gate()];
      bench.serve({}, () => running.opened);
      await bench.start(bench.lab);
      const { create } = bench.stores.tasks;
      jest.spyOn(bench.stores.tasks, 'create').mockImplementationOnce(async (...args) => {
        const created = await create.apply(bench.stores.tasks, args);
        await creating.opened;
        return created;
      });
      const second = bench.start(bench.lab);
      await new Promise(setImmediate);
      await bench.recovery.look();
      creating.open();
      await second;
      await bench.recovery.look();
      running.open();
      await bench.idle();
      expect(bench.executed.map(({ attempt }) => attempt)).toEqual([1, 1]);
      for (const { taskId } of bench.executed) {
        expect(await bench.stores.tasks.head(bench.caller, taskId)).toMatchObject({
          fence: 1,
          state: 'TASK_STATE_COMPLETED',
        });
      }
    });
  });

  it.each(['takeover', 'startedTurn', 'release', 'nextTurn', 'peek', 'get', 'append'] as const)(
    'retries when the storage is unreachable at %s, and counts no attempt for it',
    async (step) => {
      bench.serve({ resumable: true });
      const { runs, tasks, inbox } = bench.stores;
      const [lost, left, asking] = [await bench.orphan(), await bench.orphan(), await bench.orphan()];
      await lost.write(status('TASK_STATE_WORKING'));
      await left.write(status('TASK_STATE_INPUT_REQUIRED'));
      await bench.put(left, 'second');
      await asking.write(status('TASK_STATE_AUTH_REQUIRED'));
      const canceled = await bench.orphan();
      await runs.requestCancel(bench.caller, canceled.run.taskId);
      const stores = {
        takeover: runs,
        startedTurn: runs,
        release: runs,
        nextTurn: runs,
        peek: inbox,
        get: tasks,
        append: tasks,
      };
      const failing = stores[step] as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
      const real = failing[step]!;
      let outages = 2;
      // Half of the outages lose only the answer.
      jest.spyOn(failing, step).mockImplementation(async (...args) => {
        if (outages-- <= 0) return real.apply(failing, args);
        if (outages === 0) await real.apply(failing, args);
        throw unavailable('away');
      });
      await until(async () => {
        await bench.look();
        // A task whose message could not be consumed waits for its start.
        bench.line.look();
        const ends = await Promise.all([lost, left, asking, canceled].map((writer) => bench.endOf(writer)));
        return ends.every(({ state }) => isTerminal(state));
      });
      expect(outages).toBeLessThanOrEqual(0);
      expect(await bench.endOf(canceled)).toMatchObject({ state: 'TASK_STATE_CANCELED' });
      for (const writer of [lost, left, asking]) {
        expect([step, await bench.endOf(writer)]).toEqual([step, COMPLETED]);
        const events = await bench.events(writer.run.taskId);
        expect(events.filter(({ terminal }) => terminal)).toEqual([events.at(-1)]);
      }
      const runsOf = ({ run }: Writer) => bench.executed.filter(({ taskId }) => taskId === run.taskId);
      expect(runsOf(lost).at(-1)).toMatchObject({ turn: 1, attempt: 2 });
      expect(runsOf(left).at(-1)).toMatchObject({ userText: 'second', turn: 2 });
      for (const context of bench.executed) expect(context.attempt).toBeLessThanOrEqual(2);
    },
  );

  it('tries what cannot be read again, fails it at last, and is not kept from the rest by it', async () => {
    bench.serve({ resumable: true, retry: { maxAttempts: 2, delayMs: 0 } });
    const [broken, sound] = [await bench.orphan(), await bench.orphan()];
    const { startedTurn } = bench.stores.runs;
    jest.spyOn(bench.stores.runs, 'startedTurn').mockImplementation((run) => {
      if (run.taskId === broken.run.taskId) throw new SyntaxError('Unexpected token');
      return startedTurn.call(bench.stores.runs, run);
    });
    await bench.look();
    expect(await bench.headOf(broken)).toMatchObject({ state: 'TASK_STATE_SUBMITTED', attempt: 2 });
    expect((await bench.headOf(broken))?.runOwner).toBeUndefined();
    bench.line.look();
    await bench.line.onModuleDestroy();
    expect(await bench.endOf(broken)).toEqual(FAILED('RETRIES_EXHAUSTED'));
    expect(await bench.endOf(sound)).toEqual(COMPLETED);
  });
});
