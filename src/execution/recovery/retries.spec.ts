import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { RunBench, type Execute } from '../../../test/support/run-bench.js';
import { until } from '../../testing/contracts/until.js';
import { untilAborted } from '../../../test/support/until-aborted.js';
import type { A2aAgentOptions } from '../../agents/agent-options.js';
import { TransientAgentError } from '../../agents/transient-agent.error.js';
import { incoming } from '../../testing/contracts/fixtures.js';

const SOON = { retry: { delayMs: 1 } };

describe('a turn that fails for a passing reason', () => {
  let bench: RunBench;
  let attempts: number[];

  beforeEach(async () => {
    for (const level of ['log', 'warn', 'error'] as const)
      jest.spyOn(Logger.prototype, level).mockImplementation(() => undefined);
    bench = new RunBench({}, { pollMs: 10 });
    await bench.ready;
    bench.line.onApplicationBootstrap();
    attempts = [];
  });
  afterEach(async () => {
    await bench.line.onModuleDestroy();
    await bench.close();
    jest.restoreAllMocks();
  });

  const serve = (execute: Execute, options: Partial<A2aAgentOptions> = SOON) => {
    const agent = bench.agent(async (context, updater) => {
      attempts.push(context.attempt);
      await execute(context, updater);
    }, options);
    bench.agents.set('lab', agent);
    return agent;
  };
  const failing = (times: number, options?: Partial<A2aAgentOptions>) =>
    serve(async ({ attempt }, updater) => {
      await updater.addArtifact(`part ${attempt}`, { artifactId: 'out', append: attempt > 1 });
      if (attempt <= times) throw new TransientAgentError('The model is busy.');
    }, options);
  /** Waits until the task has ended or waits for its client. */
  const endOf = async (taskId: string) => {
    const going = ['TASK_STATE_SUBMITTED', 'TASK_STATE_WORKING'];
    await until(async () => !going.includes((await bench.task(taskId)).status.state));
    const { status, artifacts } = await bench.task(taskId);
    const text = status.message?.parts.map((part) => ('text' in part ? part.text : '')).join('');
    const reason = status.message?.metadata?.['reason'];
    return { state: status.state, reason, text, parts: artifacts?.[0]?.parts.length };
  };

  it('is started again, with its message and its events so far', async () => {
    const { taskId } = await bench.start(failing(2));
    expect(await endOf(taskId)).toMatchObject({ state: 'TASK_STATE_COMPLETED', parts: 3 });
    expect(attempts).toEqual([1, 2, 3]);
    expect((await bench.events(taskId)).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
  });

  it('fails its task after the last start, without the text of the error', async () => {
    const { taskId } = await bench.start(failing(9));
    const end = await endOf(taskId);
    expect(end).toMatchObject({ state: 'TASK_STATE_FAILED', reason: 'RETRIES_EXHAUSTED' });
    expect(end.text).toMatch(/3 times.*Incident/);
    expect(end.text).not.toContain('busy');
    expect(attempts).toEqual([1, 2, 3]);
  });

  it('fails at once where the agent says so', async () => {
    const { taskId } = await bench.start(failing(1, { retry: { maxAttempts: 1 } }));
    expect(await endOf(taskId)).toMatchObject({ reason: 'RETRIES_EXHAUSTED' });
  });

  it('waits as long as it asks for', async () => {
    const times: number[] = [];
    const agent = serve(async ({ attempt }) => {
      times.push(Date.now());
      if (attempt === 1) throw new TransientAgentError('busy', { retryAfterMs: 300 });
    });
    const { taskId } = await bench.start(agent);
    expect(await endOf(taskId)).toMatchObject({ state: 'TASK_STATE_COMPLETED' });
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(299);
  });

  it('is the follow-up’s, when that failed: the turns before are not run again', async () => {
    const seen: string[] = [];
    const agent = serve(async ({ turn, attempt, userText }, updater) => {
      seen.push(`${turn}/${attempt} ${userText}`);
      if (turn === 1) return updater.requiresInput('What?');
      if (attempt === 1) throw new TransientAgentError();
    });
    const { taskId } = await bench.start(agent);
    await bench.idle();
    await bench.stores.inbox.put(bench.caller, taskId, incoming('this'), 'd', 10);
    await bench.followUps.start(agent, bench.caller, taskId);
    expect(await endOf(taskId)).toBeDefined();
    await bench.idle();
    await until(async () => (await bench.task(taskId)).status.state === 'TASK_STATE_COMPLETED');
    expect(seen).toEqual(['1/1 go', '2/1 this', '2/2 this']);
  });

  it('can be canceled while it waits', async () => {
    const { taskId } = await bench.start(failing(9, { retry: { delayMs: 86_400_000, maxDelayMs: 86_400_000 } }));
    await bench.idle();
    await bench.canceler.cancel(bench.caller, taskId);
    expect((await bench.task(taskId)).status.state).toBe('TASK_STATE_CANCELED');
  });

  it('holds no place while it waits', async () => {
    await bench.start(failing(9, { retry: { delayMs: 86_400_000, maxDelayMs: 86_400_000 } }));
    await bench.idle();
    expect(bench.room.taken).toBe(0);
  });
});

describe('a turn without an event', () => {
  it('fails when that takes longer than it may; each event gives it time again', async () => {
    jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    const bench = new RunBench({ idleMs: 1_000 });
    let reason: unknown;
    const agent = bench.agent(async (context, updater) => {
      for (let n = 0; n < 6; n++) {
        await new Promise((resolve) => setTimeout(resolve, 250));
        await updater.addArtifact('x', { artifactId: 'out', append: n > 0 });
      }
      await untilAborted(context);
      reason = context.signal.reason;
    });
    const { taskId } = await bench.start(agent);
    await bench.idle();
    const { status, artifacts } = await bench.task(taskId);
    expect([status.state, status.message?.metadata?.['reason']]).toEqual(['TASK_STATE_FAILED', 'IDLE_DEADLINE']);
    expect(artifacts?.[0]?.parts).toHaveLength(6);
    expect(reason).toMatchObject({ why: 'idle-deadline' });
    await bench.close();
    jest.restoreAllMocks();
  });

  it('may be an agent’s own matter', async () => {
    const bench = new RunBench({ idleMs: 20 });
    const agent = bench.agent(() => new Promise((resolve) => setTimeout(resolve, 100)), { idleMs: 0 });
    const { taskId } = await bench.start(agent);
    await bench.idle();
    expect((await bench.task(taskId)).status.state).toBe('TASK_STATE_COMPLETED');
    await bench.close();
  });
});
