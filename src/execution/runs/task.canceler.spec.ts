import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { setImmediate as nextLoop } from 'node:timers/promises';
import { Gate } from '../../../test/support/agent-of.js';
import { type Execute, RunBench } from '../../../test/support/run-bench.js';
import { untilAborted } from '../../../test/support/until-aborted.js';
import { incoming, strangersTo } from '../../testing/contracts/fixtures.js';

/** Lets some microtasks or event loop turns pass, a different number for each round. */
async function pass(round: number): Promise<void> {
  for (let i = 0; i < round % 7; i++) await Promise.resolve();
  for (let i = 0; i < round % 4; i++) await nextLoop();
}

describe('TaskCanceler', () => {
  let bench: RunBench;
  beforeEach(() => {
    bench = new RunBench({ cancelTimeoutMs: 30 });
  });
  afterEach(() => bench.close());

  const cancel = (taskId: string): Promise<string> =>
    bench.canceler.cancel(bench.caller, taskId).then(
      () => 'canceled',
      (error: { reason?: string }) => error.reason ?? 'no A2AError',
    );
  const stateOf = async (taskId: string): Promise<string> => (await bench.task(taskId)).status.state;

  /** What must hold for every log: seqs without a gap, and exactly one terminal event, which is the last. */
  async function checkLog(taskId: string): Promise<void> {
    const events = await bench.events(taskId);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i + 1));
    expect(events.filter(({ terminal }) => terminal)).toHaveLength(1);
    expect(events.at(-1)?.terminal).toBe(true);
  }

  it('ends a task once, whatever its agent does at that moment: 200 races', async () => {
    const seen = new Set<string>();
    for (let round = 0; round < 200; round++) {
      const agent = bench.agent(async (_context, updater) => {
        await pass(round);
        await updater.addArtifact('x');
        await pass(round >> 2);
        if (round % 3 === 0) await updater.complete();
        if (round % 3 === 1) await updater.requiresInput();
      });
      const { taskId } = await bench.start(agent);
      await pass(round >> 3);
      const outcomes = await Promise.all([cancel(taskId), pass(round >> 1).then(() => cancel(taskId))]);
      await bench.idle();
      const state = await stateOf(taskId);
      seen.add(state);
      await checkLog(taskId);
      const canceled = state === 'TASK_STATE_CANCELED';
      // A caller that arrives after the end is told that it has ended, never that it was canceled when it was not.
      expect(
        outcomes.every((outcome) => outcome === 'TASK_NOT_CANCELABLE' || (canceled && outcome === 'canceled')),
      ).toBe(true);
      expect(outcomes.includes('canceled')).toBe(canceled);
    }
    expect([...seen].sort()).toEqual(['TASK_STATE_CANCELED', 'TASK_STATE_COMPLETED']);
  });

  it('ends a task once when messages arrive while it is canceled: 50 races', async () => {
    for (let round = 0; round < 50; round++) {
      const agent = bench.agent(async (_context, updater) => {
        await pass(round);
        await updater.requiresInput();
      });
      const { taskId } = await bench.start(agent);
      const follow = async (i: number): Promise<void> => {
        await pass(round + i);
        const put = await bench.stores.inbox.put(bench.caller, taskId, incoming(`m${i}`), `d${i}`, 16);
        if (put.result === 'queued') await bench.followUps.start(agent, bench.caller, taskId);
      };
      const [outcome] = await Promise.all([pass(round >> 1).then(() => cancel(taskId)), follow(0), follow(1)]);
      await bench.idle();
      expect([outcome, await stateOf(taskId)]).toEqual(['canceled', 'TASK_STATE_CANCELED']);
      await checkLog(taskId);
    }
  });

  it('is obeyed by an agent that listens, before the limit', async () => {
    bench = new RunBench({ cancelTimeoutMs: 60_000 });
    const { taskId } = await bench.start(bench.agent(untilAborted));
    expect(await cancel(taskId)).toBe('canceled');
    expect(await cancel(taskId)).toBe('TASK_NOT_CANCELABLE');
  });

  it("lets the agent's own cancel have the last word", async () => {
    bench = new RunBench({ cancelTimeoutMs: 60_000 });
    const agent = bench.agent(untilAborted, {
      cancel: async ({ signal }, updater) => {
        expect(signal.aborted).toBe(true);
        await updater.addArtifact('cleaned up');
        await updater.cancel('stopped at step 3');
      },
    });
    const { taskId } = await bench.start(agent);
    expect(await cancel(taskId)).toBe('canceled');
    expect(await bench.task(taskId)).toMatchObject({
      status: { state: 'TASK_STATE_CANCELED', message: { parts: [{ text: 'stopped at step 3' }] } },
      artifacts: [{ parts: [{ text: 'cleaned up' }] }],
    });
  });

  it('says that a task could not be canceled when its agent completes it instead', async () => {
    const agent = bench.agent(async (context, updater) => {
      await untilAborted(context);
      await updater.complete('too late');
    });
    const { taskId } = await bench.start(agent);
    expect(await cancel(taskId)).toBe('TASK_NOT_CANCELABLE');
    expect(await stateOf(taskId)).toBe('TASK_STATE_COMPLETED');
  });

  it('ends by force what does not obey, and what nobody runs', async () => {
    const hanging = await bench.start(bench.agent(() => new Promise(() => undefined)));
    expect(await cancel(hanging.taskId)).toBe('canceled');
    const asking = await bench.start(bench.agent((_context, updater) => updater.requiresInput()));
    await bench.idle();
    expect(await cancel(asking.taskId)).toBe('canceled');
    for (const { taskId } of [hanging, asking]) await checkLog(taskId);
    expect(bench.registry.size).toBe(0);
  });

  it.each<[string, Execute, () => Promise<unknown>]>([
    ['waits for its client', (_context, updater) => updater.requiresInput(), () => bench.idle()],
    ['does not obey', () => new Promise(() => undefined), nextLoop],
  ])('cancels for both of two processes that ask at once, when the agent %s', async (_which, execute, underWay) => {
    const { stores, bus, caller } = bench;
    const other = new RunBench({ cancelTimeoutMs: 30 }, { stores, bus });
    const { taskId } = await bench.start(bench.agent(execute));
    await Promise.all([underWay(), other.ready]);
    // The second takes the task over from the first, and writes its end when the first has seen that it is not over.
    const claims: number[] = [];
    const [bothClaimed, seen] = [new Gate(), new Gate()];
    const { forceClaim } = stores.runs;
    jest.spyOn(stores.runs, 'forceClaim').mockImplementation(async (...args) => {
      const claimed = await forceClaim.apply(stores.runs, args);
      if (claims.push(claimed!.run.fence) === 2) bothClaimed.open();
      return claimed;
    });
    const { append, head } = stores.tasks;
    jest.spyOn(stores.tasks, 'append').mockImplementation(async (batch) => {
      await (batch.run.fence === claims[1] ? seen : bothClaimed).opened;
      return append.call(stores.tasks, batch);
    });
    jest.spyOn(stores.tasks, 'head').mockImplementation(async (...args) => {
      const row = await head.apply(stores.tasks, args);
      seen.open();
      return row;
    });
    await Promise.all([bench, other].map(({ canceler }) => canceler.cancel(caller, taskId)));
    expect(await stateOf(taskId)).toBe('TASK_STATE_CANCELED');
    await checkLog(taskId);
    await other.close();
  });

  it('shows readers the end that it wrote by force', async () => {
    const { taskId } = await bench.start(bench.agent((_context, updater) => updater.requiresInput()));
    await bench.idle();
    const context = bench.caller;
    const reader = bench.cursors.open({ context, taskId, endsAt: () => false });
    const first = await reader.next();
    expect(first.value).toMatchObject([{ type: 'snapshot', seq: 2 }]);
    const [next] = await Promise.all([reader.next(), cancel(taskId)]);
    expect(next.value).toMatchObject([{ type: 'event', seq: 3, final: true, event: { state: 'TASK_STATE_CANCELED' } }]);
    expect((await reader.next()).done).toBe(true);
  });

  it('is refused to strangers as if the task were not there, and the task goes on', async () => {
    const gate = new Gate();
    const { taskId } = await bench.start(bench.agent(() => gate.opened));
    for (const stranger of strangersTo(bench.caller)) {
      await expect(bench.canceler.cancel(stranger, taskId)).rejects.toMatchObject({ reason: 'TASK_NOT_FOUND' });
    }
    expect(await cancel('not-there')).toBe('TASK_NOT_FOUND');
    gate.open();
    await bench.idle();
    expect(await stateOf(taskId)).toBe('TASK_STATE_COMPLETED');
  });
});
