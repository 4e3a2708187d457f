import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { follow, gated } from '../../../test/support/gated-agent.js';
import { createTestDatabase } from '../../../test/support/test-database.js';
import { until } from '../../testing/contracts/until.js';
import { RunBench } from '../../../test/support/run-bench.js';
import type { RegisteredAgent } from '../../agents/agent-registry.interface.js';
import { openMemoryStores } from '../../tasks/memory/open-stores.js';
import type { OpenStores } from '../../tasks/stores.js';
import { openPostgresStores } from '../../tasks/sql/postgres/open-stores.js';
import { caller, incoming, pause } from '../../testing/contracts/fixtures.js';

describe('Fairness of what waits', () => {
  const benches: RunBench[] = [];
  const ends: (() => Promise<void>)[] = [];
  beforeEach(() => {
    for (const level of ['log', 'warn', 'error'] as const)
      jest.spyOn(Logger.prototype, level).mockImplementation(() => undefined);
  });
  afterEach(async () => {
    for (const bench of benches.splice(0)) {
      await bench.line.onModuleDestroy();
      await bench.close();
    }
    for (const end of ends.splice(0).reverse()) await end();
    jest.restoreAllMocks();
  });

  async function open(...args: ConstructorParameters<typeof RunBench>): Promise<RunBench> {
    const bench = new RunBench(...args);
    benches.push(bench);
    await bench.ready;
    bench.line.onApplicationBootstrap();
    return bench;
  }

  const OPEN: Record<string, () => Promise<OpenStores>> = {
    memory: async () => openMemoryStores(),
    Postgres: async () => {
      const database = await createTestDatabase();
      ends.push(() => database.drop());
      const stores = await openPostgresStores(database.url);
      ends.push(() => stores.close());
      return stores;
    },
  };

  it.each(Object.keys(OPEN))('lets others in between the turns of one task, in %s', async (storage) => {
    const stores = (await OPEN[storage]?.()) ?? openMemoryStores();
    const bench = await open({ maxRuns: 1 }, { stores });
    const handBacks = jest.spyOn(stores.runs, 'requeue');
    const { agent, send, started, end } = gated(bench, {}, ['a1', 'a2', 'a3', 'a4']);
    const begun: unknown[] = [];
    const execute = agent.execute.bind(agent);
    agent.execute = (context, updater) => {
      const { userText, turn, attempt } = context;
      if (userText.startsWith('a')) begun.push([userText, turn, attempt]);
      return execute(context, updater);
    };
    const first = { ...bench.caller, agent: agent.id };
    const taskId = await follow(bench, agent, 'a1');
    await until(() => started.length === 1);
    for (const text of ['a2', 'a3', 'a4']) {
      await stores.inbox.put(first, taskId, incoming(text), text, 10);
      await bench.followUps.start(agent, first, taskId);
    }
    const [second, third] = [caller(), caller()];
    for (const text of ['b1', 'b2', 'b3']) {
      await send(text, second);
      await pause(2);
    }
    await send('c1', third);
    await send('other task');
    for (let n = 0; n < 9; n++) {
      await until(() => started.length === n + 1);
      end(started[n] ?? '');
    }
    await bench.idle();
    expect(started).toEqual(['a1', 'b1', 'c1', 'other task', 'b2', 'a2', 'b3', 'a3', 'a4']);
    // The first turn was that of the message that created the task.
    expect(begun).toEqual([
      ['a1', 2, 1],
      ['a2', 3, 1],
      ['a3', 4, 1],
      ['a4', 5, 1],
    ]);
    // Nothing was queued behind a3.
    expect(handBacks).toHaveBeenCalledTimes(2);
    expect((await stores.tasks.head(first, taskId))?.state).toBe('TASK_STATE_INPUT_REQUIRED');
  });

  it.each(['new tasks', 'follow-ups'])('gives each owner its turn where there is one slot, with %s', async (what) => {
    const bench = await open({ maxRuns: 1 });
    const { agent, send, started, end } = gated(bench);
    const [first, second, third] = [caller(), caller(), caller()];
    const add = async (text: string, owner = first): Promise<void> => {
      if (what === 'new tasks') await send(text, owner);
      else await follow(bench, agent, text, owner);
      await pause(2);
    };
    for (let n = 1; n <= 6; n++) await add(`a${n}`);
    await add('b1', second);
    await add('b2', second);
    await add('c1', third);
    for (let n = 0; n < 9; n++) {
      await until(() => started.length === n + 1);
      end(started[n] ?? '');
    }
    await bench.idle();
    expect(started).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3', 'a4', 'a5', 'a6']);
  });

  it('starts a follow-up behind a hundred others for an agent without room', async () => {
    const full = await open({ maxRuns: 10 });
    const free = await open({ maxRuns: 10 }, { stores: full.stores, bus: full.bus });
    const benches = [full, free].map((bench) => {
      const busy = { ...gated(bench, { maxRuns: 1 }), id: 'busy' };
      bench.agents.clear();
      const agent = { ...busy.agent, id: 'busy' };
      bench.agents.set('busy', agent);
      return { bench, agent, started: busy.started, end: busy.end };
    });
    const [here, there] = benches;
    if (!here || !there) throw new Error('unreachable');
    await follow(full, here.agent, 'running here');
    await follow(free, there.agent, 'running there');
    for (let n = 0; n < 110; n++) await follow(full, here.agent, `hidden ${n}`);
    const idle = gated(free);
    free.agents.set('busy', there.agent);
    full.agents.set(idle.agent.id, { ...idle.agent, options: { ...idle.agent.options, maxRuns: 0 } });
    await follow(full, full.agents.get(idle.agent.id) as RegisteredAgent, 'runs');
    await until(() => idle.started.includes('runs'));
    expect(here.started).toEqual(['running here']);
    idle.end('runs');
  });

  it('wakes nobody when what waits still finds no room', async () => {
    const stores = openMemoryStores();
    let looks = 0;
    const { claimQueued, enqueueTurn } = stores.runs;
    stores.runs.claimQueued = (...args) => {
      looks++;
      return claimQueued.apply(stores.runs, args);
    };
    let enqueued = 0;
    stores.runs.enqueueTurn = (...args) => {
      enqueued++;
      return enqueueTurn.apply(stores.runs, args);
    };
    const one = await open({}, { stores, pollMs: 50 });
    const two = await open({}, { stores, bus: one.bus, pollMs: 50 });
    const agents = [one, two].map((bench) => gated(bench, { maxRuns: 1 }));
    const wakes = jest.spyOn(one.bus, 'wakeQueue');
    for (const [n, { agent }] of agents.entries()) {
      const bench = n === 0 ? one : two;
      await follow(bench, agent, `running ${n}`);
      await follow(bench, agent, `waiting ${n}`);
    }
    await until(() => agents.every(({ started }) => started.length === 1));
    await pause(100);
    const [wakesBefore, looksBefore] = [wakes.mock.calls.length, looks];
    await pause(1_000);
    // One scan for each poll.
    expect(looks - looksBefore).toBeLessThanOrEqual(2 * 21);
    expect([wakes.mock.calls.length - wakesBefore, wakes.mock.calls.length, enqueued]).toEqual([0, 2, 2]);
    agents[0]?.end('running 0');
    await until(() => agents[0]?.started.length === 2);
    for (const { end, started } of agents) for (const text of started) end(text);
    await until(() => agents[0]!.started.length + agents[1]!.started.length === 4);
    for (const { end, started } of agents) for (const text of started) end(text);
    await Promise.all([one.idle(), two.idle()]);
  });

  it('keeps room for other owners, from which one with long runs has taken all that it may', async () => {
    const bench = await open({ maxRuns: 8 });
    const { send, started, end } = gated(bench);
    for (let n = 1; n <= 20; n++) await send(`hog ${n}`, { ...bench.caller, tenant: `tenant ${n}` });
    expect(started).toHaveLength(6);
    const other = caller();
    expect((await send('other', other)).kind).toBe('started');
    await send('other 2', other);
    expect((await send('other 3', other)).kind).toBe('waiting');
    // Beyond their shares the two alternate, the one with fewer runs first.
    for (const n of [1, 2, 3]) end(`hog ${n}`);
    await until(() => started.length === 9);
    expect(started.at(-1)).toBe('other 3');
    for (let n = 0; n < 23; n++) {
      await until(() => started.length > n);
      end(started[n] ?? '');
    }
    await bench.idle();
    expect(started).toHaveLength(23);
  });
});
