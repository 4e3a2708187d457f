import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type CanActivate, type ExecutionContext, Inject, Injectable, Module, UseGuards } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { agentOf } from '../../../test/support/agent-of.js';
import { rejectWhenAborted } from '../../../test/support/until-aborted.js';
import { A2aAgent } from '../../agents/a2a-agent.decorator.js';
import { getA2aCaller } from '../../agents/a2a-execution-context.js';
import type { AgentExecutor } from '../../agents/agent-executor.interface.js';
import type { RequestContext } from '../../agents/request-context.js';
import type { TaskUpdater } from '../../agents/task-updater.js';
import { TransientAgentError } from '../../agents/transient-agent.error.js';
import { A2aTestingModule } from '../a2a-testing.module.js';
import { a2aMatchers } from '../matchers/index.js';
import { type AgentHarness, harnessOf } from './agent-harness.js';
import { createAgentHarness } from './create-agent-harness.js';

const skills = [{ id: 's', name: 'S', description: 'd', tags: ['t'] }];

@Injectable()
class StaffGuard implements CanActivate {
  canActivate = (ctx: ExecutionContext): boolean => getA2aCaller(ctx).owner !== 'mallory';
}

@UseGuards(StaffGuard)
@A2aAgent({ id: 'booker', description: 'Books.', skills })
class BookerAgent implements AgentExecutor {
  constructor(@Inject('PLACE') private readonly place: string) {}
  async execute({ turn, userText }: RequestContext, updater: TaskUpdater): Promise<void> {
    await updater.startWork();
    if (turn === 1) return updater.requiresInput('For how many?');
    await updater.addArtifact(`${userText} at ${this.place}`, { name: 'booking' });
    await updater.complete('Booked.');
  }
}

const providers = [{ provide: 'PLACE', useValue: 'the Ritz' }];
const waiting = agentOf(async (context, updater) => {
  await updater.startWork();
  await rejectWhenAborted(context);
});

let harness: AgentHarness | undefined;
beforeAll(() => expect.extend(a2aMatchers));
afterEach(async () => {
  await harness?.close();
  harness = undefined;
});

describe('createAgentHarness', () => {
  it('runs a conversation: a question, its answer, and the artifacts', async () => {
    harness = await createAgentHarness(BookerAgent, { providers });
    const question = await harness.send('a table');
    expect(question).toHaveTaskState('INPUT_REQUIRED');
    expect(question).toHaveStatusText('For how many?');
    const answer = await question.reply('four');
    expect(answer).toHaveTaskState('COMPLETED');
    expect(answer).toHaveArtifactText('four at the Ritz', 'booking');
    expect([answer.task?.id, answer.text]).toEqual([question.task?.id, 'four at the Ritz']);
    expect(Object.keys(answer.events.at(-1)!)).toEqual(['statusUpdate']);
  });

  it('runs the guards of the agent, and keeps the tasks of callers apart', async () => {
    harness = await createAgentHarness(BookerAgent, { providers });
    await expect(harness.send('a table', { owner: 'mallory' })).rejects.toMatchObject({ reason: 'PERMISSION_DENIED' });
    const { task } = await harness.send('a table', { owner: 'bob' });
    await expect(harness.task(task!.id)).rejects.toMatchObject({ reason: 'TASK_NOT_FOUND' });
    await expect(harness.task(task!.id, { owner: 'bob' })).resolves.toMatchObject({ id: task!.id });
  });

  it('streams events as they come, and cancels', async () => {
    harness = await createAgentHarness(waiting);
    const call = harness.stream('go');
    await call.until('WORKING');
    expect(await harness.cancel(call)).toHaveTaskState('CANCELED');
    expect(await call.done).toHaveTaskState('CANCELED');
    await expect(call.until('COMPLETED')).rejects.toThrow(
      'no event had the state COMPLETED. There were TASK_STATE_SUB',
    );
  });

  it('shows the Message of an agent that answers with one', async () => {
    harness = await createAgentHarness(agentOf(async (_, updater) => updater.reply('Hi.'), { replies: 'message' }));
    const answer = await harness.send({ parts: [{ text: 'hello' }] });
    expect(answer).toHaveReply('Hi.');
    expect([answer.task, answer.text]).toEqual([undefined, 'Hi.']);
    await expect(harness.stream('hello').taskId()).rejects.toThrow('there is no task');
  });

  it('says at boot what is wrong with the agent', async () => {
    class Undecorated {}
    await expect(createAgentHarness(Undecorated, { logger: false })).rejects.toThrow('no agent Undecorated');
    await expect(createAgentHarness(BookerAgent, { logger: false })).rejects.toThrow('PLACE');
  });
});

describe('The manual clock', () => {
  const hour = 3_600_000;

  it('stands still until it is moved: timers of the agent, and dates', async () => {
    const sleeper = agentOf(async (_, updater) => {
      const before = Date.now();
      await new Promise((resolve) => setTimeout(resolve, 60_000));
      await updater.complete(`${Date.now() - before}`);
    });
    harness = await createAgentHarness(sleeper, { clock: 'manual' });
    const call = harness.stream('go');
    await call.taskId();
    await harness.clock.advance(59_000);
    expect(await harness.task(await call.taskId())).not.toHaveTaskState('COMPLETED');
    await harness.clock.advance(1_000);
    expect((await call.done).text).toBe('60000');
  });

  it('reaches deadlines', async () => {
    harness = await createAgentHarness(waiting, { clock: 'manual', a2a: { execution: { deadlineMs: 60_000 } } });
    const call = harness.stream('go');
    await call.until('WORKING');
    await harness.clock.advance(62_000);
    expect(await call.done).toHaveTaskState('FAILED');
  });

  it('reaches the next attempt of an agent that fails for a while', async () => {
    const flaky = agentOf(async ({ attempt }, updater) => {
      if (attempt === 1) throw new TransientAgentError('not yet', { retryAfterMs: 30_000 });
      await updater.complete(`attempt ${attempt}`);
    });
    harness = await createAgentHarness(flaky, { clock: 'manual', logger: false });
    const call = harness.stream('go');
    await harness.clock.advance(10_000);
    expect(await harness.task(await call.taskId())).not.toHaveTaskState('COMPLETED');
    await harness.clock.advance(60_000);
    expect((await call.done).text).toBe('attempt 2');
  });

  it('is real again after the harness is closed, and must be asked for', async () => {
    const before = Date.now();
    harness = await createAgentHarness(waiting, { clock: 'manual' });
    const call = harness.stream('go');
    await call.until('WORKING');
    await harness.clock.advance(hour / 60);
    await harness.close();
    expect(Math.abs(Date.now() - before)).toBeLessThan(hour / 60);
    harness = await createAgentHarness(waiting);
    expect(() => harness?.clock).toThrow("createAgentHarness(Agent, { clock: 'manual' })");
  });
});

describe('harnessOf', () => {
  it('calls an agent of an application, also one that overrideProvider replaces', async () => {
    @Module({ providers: [BookerAgent, ...providers] })
    class BookingModule {}
    const app = await Test.createTestingModule({ imports: [A2aTestingModule.forRoot(), BookingModule] })
      .overrideProvider(BookerAgent)
      .useValue({ execute: async (_: RequestContext, updater: TaskUpdater) => updater.complete('stub') })
      .compile();
    await app.init();
    harness = harnessOf(app, BookerAgent);
    expect((await harness.send('a table')).text).toBe('stub');
    expect(harnessOf(app, 'booker').agent).toBe('booker');
    expect(() => harnessOf(app, 'baker')).toThrow("no agent 'baker'. There is: 'booker'.");
  });
});
