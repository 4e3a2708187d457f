import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { Gate } from '../../../test/support/agent-of.js';
import { type Execute, RunBench } from '../../../test/support/run-bench.js';
import { untilAborted } from '../../../test/support/until-aborted.js';
import type { RunAborted } from '../../agents/agent-executor.interface.js';
import { A2AError } from '../../protocol/errors/index.js';
import { incoming } from '../../testing/contracts/fixtures.js';

const short = (state: string): string => state.replace('TASK_STATE_', '');

describe('a run', () => {
  let bench: RunBench;
  beforeEach(() => {
    jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    bench = new RunBench({ cancelTimeoutMs: 20, deadlineMs: 10_000, maxTaskBytes: 20_000, maxEventBytes: 5_000 });
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await bench.close();
  });

  async function endOf(execute: Execute, options = {}): Promise<{ states: string[]; reason: unknown }> {
    const { taskId } = await bench.start(bench.agent(execute, options));
    await bench.idle();
    const { status } = await bench.task(taskId);
    const states = (await bench.events(taskId)).slice(1).flatMap(({ state }) => (state ? [short(state)] : []));
    return { states, reason: status.message?.metadata?.['reason'] };
  }

  const big = 'x'.repeat(6_000);
  const ENDINGS: [does: string, execute: Execute, states: string[], reason: string | undefined][] = [
    ['returns', async () => undefined, ['COMPLETED'], undefined],
    ['returns after an artifact', async (_c, u) => void (await u.addArtifact('x')), ['COMPLETED'], undefined],
    ['returns after working', (_c, u) => u.startWork(), ['WORKING', 'COMPLETED'], undefined],
    ['completes', (_c, u) => u.complete(), ['COMPLETED'], undefined],
    ['fails', (_c, u) => u.failed('so'), ['FAILED'], undefined],
    ['rejects', (_c, u) => u.reject(), ['REJECTED'], undefined],
    ['cancels itself', (_c, u) => u.cancel(), ['CANCELED'], undefined],
    ['asks', (_c, u) => u.requiresInput(), ['INPUT_REQUIRED'], undefined],
    ['asks for authorization', (_c, u) => u.requiresAuth(), ['AUTH_REQUIRED'], undefined],
    [
      'goes on after it asked',
      async (_c, u) => (await u.requiresInput(), u.startWork()),
      ['INPUT_REQUIRED', 'WORKING', 'COMPLETED'],
      undefined,
    ],
    ['throws', () => Promise.reject(new Error('x')), ['FAILED'], 'AGENT_ERROR'],
    [
      'throws after it asked',
      async (_c, u) => (await u.requiresInput(), Promise.reject(new Error('x'))),
      ['INPUT_REQUIRED', 'FAILED'],
      'AGENT_ERROR',
    ],
    [
      'throws after it completed',
      async (_c, u) => (await u.complete(), Promise.reject(new Error('x'))),
      ['COMPLETED'],
      undefined,
    ],
    [
      'throws that the caller may not',
      () => Promise.reject(new A2AError('PERMISSION_DENIED', 'No.')),
      ['REJECTED'],
      'PERMISSION_DENIED',
    ],
    ['completes and goes on', async (_c, u) => (await u.complete(), void u.startWork()), ['COMPLETED'], undefined],
    [
      'emits an event that is too large',
      async (_c, u) => void (await u.addArtifact(big)),
      ['FAILED'],
      'TASK_TOO_LARGE',
    ],
    [
      'swallows that an event is too large',
      async (_c, u) => void (await u.addArtifact(big).catch(() => u.complete())),
      ['FAILED'],
      'TASK_TOO_LARGE',
    ],
    [
      'emits more than a task may hold',
      async (_c, u) => {
        for (let i = 0; i < 10; i++) await u.addArtifact('x'.repeat(4_000));
      },
      ['FAILED'],
      'TASK_TOO_LARGE',
    ],
  ];
  it.each(ENDINGS)('whose agent %s', async (_does, execute, states, reason) => {
    expect(await endOf(execute)).toEqual({ states, reason });
    expect(bench.registry.size).toBe(0);
    expect(bench.queues.taskIds()).toEqual([]);
  });

  it('tells its agent why it was aborted', async () => {
    const reasons: unknown[] = [];
    const execute: Execute = async (context) => {
      await untilAborted(context);
      reasons.push((context.signal.reason as RunAborted).why);
      throw context.signal.reason;
    };
    expect(await endOf(execute, { deadlineMs: 5 })).toEqual({ states: ['FAILED'], reason: 'DEADLINE' });
    for (const why of ['drain', 'lost-ownership'] as const) {
      const { run } = await bench.start(bench.agent(execute));
      run.stop(why);
      await bench.idle();
    }
    const { run, taskId } = await bench.start(bench.agent(execute));
    run.cancel();
    await bench.idle();
    expect((await bench.task(taskId)).status.state).toBe('TASK_STATE_CANCELED');
    expect(reasons).toEqual(['deadline', 'drain', 'lost-ownership', 'canceled']);
  });

  it('refuses what its agent emits when the turn is over', async () => {
    const over = new Gate();
    const refused: unknown[] = [];
    const done = new Gate();
    const { taskId } = await bench.start(
      bench.agent(async (_context, updater) => {
        void over.opened
          .then(() => updater.addArtifact('late'))
          .catch((error: unknown) => refused.push(error))
          .finally(() => done.open());
      }),
    );
    await bench.idle();
    over.open();
    await done.opened;
    expect(refused).toHaveLength(1);
    expect(await bench.events(taskId)).toHaveLength(2);
  });

  it('writes nothing more when it has lost its task, whatever its agent does', async () => {
    const lost = new Gate();
    const { run, taskId } = await bench.start(
      bench.agent(async (_context, updater) => {
        await updater.addArtifact('mine');
        await lost.opened;
        await updater.addArtifact('not mine');
      }),
    );
    while ((await bench.events(taskId)).length < 2) await new Promise((resolve) => setImmediate(resolve));
    run.stop('lost-ownership');
    lost.open();
    await bench.idle();
    expect(await bench.events(taskId)).toHaveLength(2);
    expect((await bench.task(taskId)).status.state).toBe('TASK_STATE_SUBMITTED');
  });

  it('leaves a lost task to be found by its owner: it does not release it', async () => {
    const { run, taskId } = await bench.start(bench.agent(() => new Promise(() => undefined)));
    run.stop('lost-ownership');
    await bench.idle();
    const head = await bench.stores.tasks.head(bench.caller, taskId);
    expect(head).toMatchObject({ runOwner: bench.replica.id, fence: 1 });
  });

  it('takes the messages that wait, one turn each, in order, with the history so far', async () => {
    const turns: string[] = [];
    const first = new Gate();
    const agent = bench.agent(async ({ userText, turn, attempt, history }, updater) => {
      turns.push(`${turn}.${attempt} ${userText} of ${history.length}`);
      if (turn === 1) await first.opened;
      await (turn === 4 ? updater.complete() : updater.requiresInput());
    });
    const { taskId } = await bench.start(agent, 'm1');
    for (const text of ['m2', 'm3', 'm4']) {
      await bench.stores.inbox.put(bench.caller, taskId, incoming(text), text, 16);
    }
    first.open();
    await bench.idle();
    expect(turns).toEqual(['1.1 m1 of 1', '2.1 m2 of 2', '3.1 m3 of 3', '4.1 m4 of 4']);
    const task = await bench.task(taskId);
    expect(task.status.state).toBe('TASK_STATE_COMPLETED');
    expect(task.history?.map(({ parts: [part] }) => part && 'text' in part && part.text)).toEqual([
      'm1',
      'm2',
      'm3',
      'm4',
    ]);
  });

  it.each([0, 1, 2, 6])('stores what came before an event that the storage refuses (at place %i)', async (place) => {
    const { append } = bench.stores.tasks;
    jest.spyOn(bench.stores.tasks, 'append').mockImplementation(async (request) => {
      if (request.events.some(({ data }) => data.includes('refused'))) {
        return { ok: false, reason: 'invalid', cause: new Error('nested too deeply') };
      }
      return append.call(bench.stores.tasks, request);
    });
    const { taskId } = await bench.start(
      bench.agent(async (_context, updater) => {
        const texts = Array.from({ length: 7 }, (_, n) => (n === place ? 'refused' : `good ${n}`));
        await Promise.all(texts.map((text) => updater.addArtifact(text)));
      }),
    );
    await bench.idle();
    const { artifacts = [], status } = await bench.task(taskId);
    expect(artifacts.flatMap(({ parts }) => parts)).toEqual(
      Array.from({ length: place }, (_, n) => ({ text: `good ${n}` })),
    );
    expect(status).toMatchObject({ state: 'TASK_STATE_FAILED', message: { metadata: { reason: 'INVALID_EVENT' } } });
  });
});
