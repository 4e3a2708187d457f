import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AgentExecutor } from '../src/agents/agent-executor.interface.js';
import { RunAborted } from '../src/agents/agent-executor.interface.js';
import { DrainService } from '../src/execution/drain.service.js';
import { unavailable } from '../src/protocol/errors/index.js';
import type { Task } from '../src/protocol/model/index.js';
import { TASK_STORE, type TaskStore } from '../src/tasks/task-store.interface.js';
import { Gate, agentOf } from './support/agent-of.js';
import { textMessage } from './support/rpc.client.js';
import { STORAGES, TestApp } from './support/test-app.js';
import { untilAborted } from './support/until-aborted.js';

describe.each(STORAGES)('an agent whose first event decides between a Message and a task, on %s', (storage) => {
  let app: TestApp;
  afterEach(() => app.close());

  async function serve(execute: AgentExecutor['execute'], deadlineMs?: number) {
    const agents = [agentOf(execute, { replies: 'either', deadlineMs })];
    app = await TestApp.start({ storage, agents, execution: { drainMs: 50 } });
    return app.rpc();
  }

  it('is called for the message that waited for the end of its first turn', async () => {
    const first = new Gate();
    const seen: string[] = [];
    const rpc = await serve(async ({ turn, userText }, updater) => {
      seen.push(userText);
      await updater.startWork();
      if (turn === 1) await first.opened;
      await updater.requiresInput(`answer to ${userText}`);
    });
    const params = { message: textMessage('one'), configuration: { returnImmediately: true } };
    const { id } = (await rpc.result<{ task: Task }>('SendMessage', params)).task;
    const second = rpc.result<{ task: Task }>('SendMessage', { message: textMessage('two', { taskId: id }) });
    await sleep(50);
    first.open();
    const { status } = (await second).task;
    expect(seen).toEqual(['one', 'two']);
    expect(status).toMatchObject({
      state: 'TASK_STATE_INPUT_REQUIRED',
      message: { parts: [{ text: 'answer to two' }] },
    });
  });

  it('is not called again for a message that made a task before', async () => {
    let calls = 0;
    const rpc = await serve(async (_context, updater) => {
      calls++;
      await updater.addArtifact('once');
    });
    const message = textMessage('hi');
    const one = await rpc.result<{ task: Task }>('SendMessage', { message });
    const two = await rpc.result<{ task: Task }>('SendMessage', { message });
    expect(two.task.id).toBe(one.task.id);
    expect(calls).toBe(1);
  });

  it('is told to stop, and waits for nothing, when the same message made a task while it was thinking', async () => {
    const both = new Gate();
    const ends: unknown[] = [];
    let calls = 0;
    const rpc = await serve(async ({ signal }, updater) => {
      if (++calls === 2) both.open();
      await both.opened;
      await updater.addArtifact('x').then(
        () => ends.push('accepted'),
        () => ends.push(signal.reason),
      );
    });
    const message = textMessage('hi');
    const send = () => rpc.result<{ task: Task }>('SendMessage', { message });
    const [one, two] = await Promise.all([send(), send()]);
    expect(two.task.id).toBe(one.task.id);
    while (ends.length < 2) await sleep(5);
    expect(ends).toContain('accepted');
    expect(ends).toContainEqual(new RunAborted('lost-ownership'));
  });

  it('is told to stop, and waits for nothing, when its task cannot be made', async () => {
    const ended = new Gate();
    const rpc = await serve(async (_context, updater) => {
      await updater.addArtifact('x').finally(() => ended.open());
    });
    const store = app.app.get<TaskStore>(TASK_STORE, { strict: false });
    jest.spyOn(store, 'create').mockRejectedValueOnce(unavailable('away'));
    const { error } = await rpc.call('SendMessage', { message: textMessage('hi') });
    expect(error?.message).toBe('away');
    await ended.opened;
  });

  it('is told to stop, and waits for nothing, when it decides after its deadline', async () => {
    const ended = new Gate();
    const rpc = await serve(async ({ signal }, updater) => {
      while (!signal.aborted) await sleep(5);
      await updater.addArtifact('late').finally(() => ended.open());
    }, 30);
    const { error } = await rpc.call('SendMessage', { message: textMessage('hi') });
    expect(error?.code).toBe(-32006);
    await ended.opened;
  });

  it('is waited for by a shutdown, which ends it and lets its caller try elsewhere', async () => {
    const reasons: unknown[] = [];
    const started = new Gate();
    const rpc = await serve(async (context) => {
      started.open();
      await untilAborted(context);
      reasons.push(context.signal.reason);
    });
    const call = rpc.call('SendMessage', { message: textMessage('hi') });
    await started.opened;
    await app.app.get(DrainService, { strict: false }).drain();
    expect(reasons).toEqual([new RunAborted('drain')]);
    expect((await call).error?.message).toMatch(/shut down/);
  });

  it('changes only copies of what it is given', async () => {
    const rpc = await serve(async ({ message }, updater) => {
      message.parts.length = 0;
      await updater.addArtifact('x');
    });
    const { task } = await rpc.result<{ task: Task }>('SendMessage', { message: textMessage('hi') });
    expect(task.history).toMatchObject([{ parts: [{ text: 'hi' }] }]);
    expect(await rpc.result<Task>('GetTask', { id: task.id })).toEqual(task);
  });
});
