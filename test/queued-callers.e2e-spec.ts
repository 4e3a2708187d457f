import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AgentExecutor } from '../src/agents/agent-executor.interface.js';
import type { Task } from '../src/protocol/model/index.js';
import { TASK_STORE, type TaskStore } from '../src/tasks/task-store.interface.js';
import { Gate, agentOf } from './support/agent-of.js';
import { inboxPuts } from './support/inbox-puts.js';
import { textMessage } from './support/rpc.client.js';
import { STORAGES, TestApp } from './support/test-app.js';

describe.each(STORAGES)('a caller whose task goes on with the next message, on %s', (storage) => {
  let app: TestApp;
  const gates: Gate[] = [];
  afterEach(async () => {
    for (const gate of gates) gate.open();
    await app.close();
  });

  async function serve(execute: AgentExecutor['execute'], maxRuns = 1_000) {
    gates.splice(0, Infinity, ...Array.from({ length: 4 }, () => new Gate()));
    app = await TestApp.start({ storage, agents: [agentOf(execute)], execution: { drainMs: 200, maxRuns } });
  }

  /** The next turn has begun before the answer of the last one is read, as it may on a busy or another server. */
  function slow(method: 'get' | 'append'): void {
    const store = app.app.get<TaskStore>(TASK_STORE, { strict: false }) as unknown as Record<
      string,
      (...args: unknown[]) => Promise<unknown>
    >;
    const call = store[method]!.bind(store);
    jest.spyOn(store, method).mockImplementation(async (...args) => {
      await sleep(100);
      return call(...args);
    });
  }

  const send = async (text: string, taskId?: string): Promise<Task> => {
    const message = textMessage(text, taskId === undefined ? {} : { taskId });
    return (await app.rpc().result<{ task: Task }>('SendMessage', { message })).task;
  };

  async function firstTask(): Promise<string> {
    for (;;) {
      const { tasks } = await app.rpc().result<{ tasks: Task[] }>('ListTasks', {});
      if (tasks[0]) return tasks[0].id;
      await sleep(5);
    }
  }

  const users = (task: Task) => (task.history ?? []).filter(({ role }) => role === 'ROLE_USER');

  it.each([10, 100_000])('is answered with the end of its own turn (%d bytes), not of the next', async (bytes) => {
    await serve(async ({ turn }, updater) => {
      await gates[turn]?.opened;
      await updater.addArtifact('x'.repeat(bytes));
      await updater.requiresInput(`${turn}?`);
    });
    const one = send('one');
    const id = await firstTask();
    const arePut = inboxPuts(app);
    slow('get');
    const two = send('two', id);
    await arePut(1);
    const three = send('three', id);
    await arePut(2);
    for (const [turn, answer] of [one, two, three].entries()) {
      gates[turn + 1]?.open();
      const task = await answer;
      expect(task.status).toMatchObject({
        state: 'TASK_STATE_INPUT_REQUIRED',
        message: { parts: [{ text: `${turn + 1}?` }] },
      });
      expect(task.artifacts).toHaveLength(turn + 1);
      expect(users(task)).toHaveLength(turn + 1);
    }
  });

  it('is answered with the end of its own turn also when others are let in before it', async () => {
    const started: string[] = [];
    await serve(async ({ turn, userText }, updater) => {
      started.push(userText);
      if (userText === 'other') return;
      await gates[turn]?.opened;
      await updater.requiresInput(`${turn}?`);
    }, 1);
    const one = send('one');
    const id = await firstTask();
    const arePut = inboxPuts(app);
    const two = send('two', id);
    await arePut(1);
    const three = send('three', id);
    await arePut(2);
    const other = send('other');
    const isStored = async () => (await app.rpc().result<{ totalSize: number }>('ListTasks', {})).totalSize === 2;
    while (!(await isStored())) await sleep(5);
    for (const gate of gates) gate.open();
    const answers = await Promise.all([one, two, three]);
    for (const [turn, task] of answers.entries()) {
      expect(task.status.message).toMatchObject({ parts: [{ text: `${turn + 1}?` }] });
      expect(users(task)).toHaveLength(turn + 1);
    }
    expect((await other).status.state).toBe('TASK_STATE_COMPLETED');
    expect(started).toEqual(['one', 'other', 'two', 'three']);
  });

  it('is answered at AUTH_REQUIRED although the agent goes on by itself', async () => {
    await serve(async (_context, updater) => {
      await updater.startWork();
      await sleep(20);
      void updater.requiresAuth('log in');
      void updater.startWork();
      await gates[1]?.opened;
    });
    slow('append');
    const task = await send('one');
    expect(task.status.state).toBe('TASK_STATE_AUTH_REQUIRED');
  });
});
