import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { RunBench, type Execute } from '../../test/support/run-bench.js';
import { until } from '../testing/contracts/until.js';
import { rejectWhenAborted } from '../../test/support/until-aborted.js';
import { RunAborted } from '../agents/agent-executor.interface.js';
import { incoming } from '../testing/contracts/fixtures.js';

describe('a shutdown with runs', () => {
  let leaving: RunBench;
  let heir: RunBench;
  let went: number[];

  beforeEach(async () => {
    for (const level of ['log', 'warn', 'error'] as const)
      jest.spyOn(Logger.prototype, level).mockImplementation(() => undefined);
    leaving = new RunBench({ drainMs: 0 });
    heir = new RunBench({}, { stores: leaving.stores, bus: leaving.bus });
    await Promise.all([leaving.ready, heir.ready]);
    heir.line.onApplicationBootstrap();
    went = [];
    heir.agents.set(
      'lab',
      heir.agent(async ({ attempt, currentTask }, updater) => {
        went.push(attempt, currentTask?.artifacts?.[0]?.parts.length ?? 0);
        await updater.complete();
      }),
    );
  });
  afterEach(async () => {
    await heir.line.onModuleDestroy();
    await Promise.all([leaving.close(), heir.close()]);
    jest.restoreAllMocks();
  });

  const working: Execute = async (context, updater) => {
    await updater.addArtifact('a', { artifactId: 'out' });
    await rejectWhenAborted(context);
  };
  const ended = async (taskId: string) => {
    await until(() => went.length > 0);
    await heir.idle();
    const { status } = (await heir.stores.tasks.get(leaving.caller, taskId))?.task ?? {};
    return { state: status?.state, reason: status?.message?.metadata?.['reason'] };
  };

  it('hands those of resumable agents to another process, behind what they had to say', async () => {
    let reason: unknown;
    const agent = leaving.agent(
      async (context, updater) => {
        await working(context, updater).catch((error: unknown) => (reason = error));
        await updater.addArtifact('b', { artifactId: 'out', append: true });
        throw reason;
      },
      { resumable: true },
    );
    const { taskId } = await leaving.start(agent);
    await leaving.drain.drain();
    expect(reason).toBeInstanceOf(RunAborted);
    expect((reason as RunAborted).why).toBe('drain');
    expect(await ended(taskId)).toEqual({ state: 'TASK_STATE_COMPLETED', reason: undefined });
    expect(went).toEqual([2, 2]);
  });

  it('hands over one whose agent ignores the signal; what it says later is refused', async () => {
    let late: Promise<unknown> | undefined;
    let speak!: () => void;
    const agent = leaving.agent(
      async (_context, updater) => {
        await updater.addArtifact('a', { artifactId: 'out' });
        await new Promise<void>((resolve) => (speak = resolve));
        late = updater.addArtifact('b', { artifactId: 'out', append: true });
        await late;
      },
      { resumable: true },
    );
    const { taskId } = await leaving.start(agent);
    await leaving.drain.drain();
    speak();
    await new Promise(setImmediate);
    await expect(late).rejects.toThrow();
    expect(await ended(taskId)).toEqual({ state: 'TASK_STATE_COMPLETED', reason: undefined });
    expect(went).toEqual([2, 1]);
  });

  it('leaves it to the agent to end its task instead', async () => {
    const agent = leaving.agent(
      async (context, updater) => {
        await working(context, updater).catch(() => undefined);
        await updater.failed('I would rather stop.');
      },
      { resumable: true },
    );
    const { taskId } = await leaving.start(agent);
    await leaving.drain.drain();
    expect((await leaving.task(taskId)).status.state).toBe('TASK_STATE_FAILED');
    expect(went).toEqual([]);
  });

  it('fails those of other agents', async () => {
    const { taskId } = await leaving.start(leaving.agent(working));
    await leaving.drain.drain();
    const { status } = await leaving.task(taskId);
    expect([status.state, status.message?.metadata?.['reason']]).toEqual(['TASK_STATE_FAILED', 'SHUTDOWN']);
  });

  it('cancels one that is being canceled', async () => {
    const agent = leaving.agent(() => new Promise(() => undefined), { resumable: true });
    const { taskId, run } = await leaving.start(agent);
    await leaving.stores.runs.requestCancel(leaving.caller, taskId);
    run.cancel();
    await leaving.drain.drain();
    expect((await leaving.task(taskId)).status.state).toBe('TASK_STATE_CANCELED');
  });

  it('cancels one whose cancel it had not heard of yet', async () => {
    const { taskId } = await leaving.start(leaving.agent(working, { resumable: true }));
    await leaving.stores.runs.requestCancel(leaving.caller, taskId);
    await leaving.drain.drain();
    expect((await leaving.task(taskId)).status.state).toBe('TASK_STATE_CANCELED');
  });

  it('hands over the message that waits behind a run, too', async () => {
    const agent = leaving.agent(
      async (context, updater) => {
        await working(context, updater).catch(() => undefined);
        await updater.requiresInput('What else?');
      },
      { resumable: true },
    );
    const { taskId } = await leaving.start(agent);
    await leaving.stores.inbox.put(leaving.caller, taskId, incoming('more'), 'd', 10);
    await leaving.drain.drain();
    expect(await ended(taskId)).toEqual({ state: 'TASK_STATE_COMPLETED', reason: undefined });
    expect(went[0]).toBe(1);
  });
});
