import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { gated } from '../../../test/support/gated-agent.js';
import { until } from '../../testing/contracts/until.js';
import { RunBench } from '../../../test/support/run-bench.js';
import { unavailable } from '../../protocol/errors/index.js';
import type { ClaimedRun } from '../../tasks/run-store.interface.js';
import { begin, beginInterrupted, caller, incoming, pause } from '../../testing/contracts/fixtures.js';

describe('QueuedTaskDispatcher', () => {
  const benches: RunBench[] = [];
  beforeEach(() => {
    for (const level of ['log', 'warn', 'error'] as const)
      jest.spyOn(Logger.prototype, level).mockImplementation(() => undefined);
  });
  afterEach(async () => {
    for (const bench of benches.splice(0)) {
      await bench.line.onModuleDestroy();
      await bench.close();
    }
    jest.restoreAllMocks();
  });

  async function open(...args: ConstructorParameters<typeof RunBench>): Promise<RunBench> {
    const bench = new RunBench(...args);
    benches.push(bench);
    await bench.ready;
    bench.line.onApplicationBootstrap();
    return bench;
  }

  it('starts a task that found no room as soon as there is some', async () => {
    const bench = await open({ maxRuns: 1 });
    const { send, started, end } = gated(bench);
    const first = await send('a');
    const second = await send('b');
    expect([first.kind, second.kind, started]).toEqual(['started', 'waiting', ['a']]);
    expect((await bench.task(second.taskId)).status.state).toBe('TASK_STATE_SUBMITTED');
    end('a');
    await until(() => started.length === 2);
    end('b');
    await bench.idle();
    expect((await bench.task(second.taskId)).status.state).toBe('TASK_STATE_COMPLETED');
    expect(await bench.stores.tasks.head(bench.caller, second.taskId)).toMatchObject({ attempt: 1, turn: 1 });
  });

  it('gives each owner its turn, and no agent, tenant or owner more than its limit', async () => {
    const bench = await open({ maxRuns: 2, maxRunsPerOwner: 1 });
    const { send, started, end } = gated(bench);
    const other = caller();
    for (const text of ['a1', 'a2', 'a3']) {
      await send(text);
      // They are ordered by time.
      await pause(2);
    }
    for (const text of ['b1', 'b2']) await send(text, other);
    await until(() => started.length === 2);
    expect(started).toEqual(['a1', 'b1']);
    end('b1');
    await until(() => started.length === 3);
    expect(started).toEqual(['a1', 'b1', 'b2']);
    end('a1');
    await until(() => started.length === 4);
    expect(started.at(-1)).toBe('a2');
    for (const text of ['a2', 'b2']) end(text);
    await until(() => started.length === 5);
    end('a3');
    await bench.idle();
  });

  it('does not let new tasks overtake those that wait', async () => {
    const bench = await open({ maxRuns: 1 });
    const { send, started, end } = gated(bench);
    await send('a');
    await send('b');
    end('a');
    await until(() => bench.room.taken === 0 || started.length === 2);
    expect((await send('c')).kind).toBe('waiting');
    await until(() => started.length === 2);
    expect(started).toEqual(['a', 'b']);
    end('b');
    await until(() => started.length === 3);
    end('c');
    await bench.idle();
  });

  it('takes what another process has no room for', async () => {
    const full = await open({ maxRuns: 1 });
    const free = await open({}, { stores: full.stores, bus: full.bus });
    const [a, b] = [gated(full), gated(free)];
    await a.send('a');
    await a.send('b');
    await until(() => b.started.length === 1);
    expect([a.started, b.started]).toEqual([['a'], ['b']]);
    a.end('a');
    b.end('b');
    await Promise.all([full.idle(), free.idle()]);
  });

  it('leaves tasks of agents that are not here', async () => {
    const bench = await open({ maxRuns: 1 });
    const { send, end, started } = gated(bench);
    const elsewhere = caller({ agent: 'elsewhere' });
    const { run } = await begin(bench.stores, elsewhere);
    await bench.stores.runs.requeue(run, { delayMs: 0 });
    await send('a');
    await send('b');
    end('a');
    await until(() => started.length === 2);
    end('b');
    await bench.idle();
    expect(await bench.stores.tasks.head(elsewhere, run.taskId)).toMatchObject({ fence: 2 });
  });

  it('starts the next turn of a task that found no room as soon as there is some', async () => {
    const bench = await open({ maxRuns: 1 });
    const { agent, send, started, end } = gated(bench);
    await send('a');
    const { run } = await beginInterrupted(bench.stores, bench.caller);
    await bench.stores.inbox.put(bench.caller, run.taskId, incoming('more'), 'd', 10);
    await bench.followUps.start(agent, bench.caller, run.taskId);
    expect(started).toEqual(['a']);
    end('a');
    await until(() => started.length === 2);
    end('more');
    await bench.idle();
    expect(started).toEqual(['a', 'more']);
  });

  it('puts a task that could not be started back into the line, to be tried again later', async () => {
    const bench = await open({ maxRuns: 1 });
    const { send, started, end } = gated(bench, { retry: { delayMs: 0 } });
    await send('a');
    const { taskId } = await send('b');
    const { runs } = bench.stores;
    const { startedTurn } = runs;
    let failures = 0;
    jest.spyOn(runs, 'startedTurn').mockImplementation((run) => {
      if (failures++ === 0) return Promise.reject(new Error('broken'));
      return startedTurn.call(runs, run);
    });
    end('a');
    await until(() => started.length === 2);
    expect(failures).toBe(2);
    end('b');
    await bench.idle();
    expect(await bench.stores.tasks.head(bench.caller, taskId)).toMatchObject({
      attempt: 2,
      state: 'TASK_STATE_COMPLETED',
    });
  });

  it('starts a task at once whose request was read in vain for once, and counts no failure', async () => {
    const bench = await open({ maxRuns: 1 });
    const { send, started, end } = gated(bench, { retry: { maxAttempts: 1 } });
    await send('a');
    const { taskId } = await send('b');
    jest.spyOn(bench.stores.runs, 'startedTurn').mockRejectedValueOnce(unavailable('away'));
    end('a');
    await until(() => started.length === 2);
    end('b');
    await bench.idle();
    const state = 'TASK_STATE_COMPLETED';
    expect(await bench.stores.tasks.head(bench.caller, taskId)).toMatchObject({ attempt: 1, state });
  });

  it('counts no loss of a task whose claim had no answer', async () => {
    const bench = await open({ maxRuns: 1 });
    const { send, started, end } = gated(bench);
    await send('a');
    await send('b');
    const { runs } = bench.stores;
    const { claimQueued } = runs;
    let lost: readonly ClaimedRun[] = [];
    jest.spyOn(runs, 'claimQueued').mockImplementationOnce(async (...args) => {
      lost = await claimQueued.apply(runs, args);
      throw unavailable('cut off');
    });
    end('a');
    await until(() => lost.length === 1);
    await until(() => bench.room.taken === 0);
    await bench.recovery.look();
    await until(() => started.length === 2);
    end('b');
    await bench.idle();
    expect(await bench.stores.tasks.head(bench.caller, lost[0]?.run.taskId ?? '')).toMatchObject({
      state: 'TASK_STATE_COMPLETED',
      attempt: 1,
    });
  });

  it('takes nothing when the process is on its way out', async () => {
    const bench = await open({ maxRuns: 1, drainMs: 0 });
    const { send, started } = gated(bench);
    await send('a');
    const { taskId } = await send('b');
    await bench.drain.drain();
    bench.line.look();
    await bench.line.onModuleDestroy();
    expect(started).toEqual(['a']);
    expect((await bench.task(taskId)).status.state).toBe('TASK_STATE_SUBMITTED');
  });
});
