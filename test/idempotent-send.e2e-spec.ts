import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Task } from '../src/protocol/model/index.js';
import { agentOf } from './support/agent-of.js';
import { textMessage } from './support/rpc.client.js';
import { STORAGES, TestApp } from './support/test-app.js';

describe.each(STORAGES)('a message sent more than once, on %s', (storage) => {
  let app: TestApp;
  let runs = 0;
  beforeAll(async () => {
    const agent = agentOf(async ({ userText, turn }, updater) => {
      runs++;
      await updater.addArtifact(`${userText} ${turn}`);
      if (userText.startsWith('ask') && turn === 1) await updater.requiresInput();
    });
    app = await TestApp.start({ storage, agents: [agent] });
  });
  afterAll(() => app.close());

  const send = async (message: unknown): Promise<Task> =>
    (await app.rpc().result<{ task: Task }>('SendMessage', { message })).task;

  it('makes one task and one run, also when it arrives 20 times at once', async () => {
    runs = 0;
    const message = textMessage('hello');
    const tasks = await Promise.all(Array.from({ length: 20 }, () => send(message)));
    expect(new Set(tasks.map(({ id }) => id)).size).toBe(1);
    expect(tasks.every(({ status }) => status.state === 'TASK_STATE_COMPLETED')).toBe(true);
    expect(runs).toBe(1);
  });

  it('attaches a stream to the task that the first send made', async () => {
    runs = 0;
    const message = textMessage('hello stream');
    const { id } = await send(message);
    const stream = await app.rpc().stream('SendStreamingMessage', { message });
    const [first, ...rest] = await stream.results<{ task: Task }>();
    expect(first?.task).toMatchObject({ id, status: { state: 'TASK_STATE_COMPLETED' } });
    expect(rest).toEqual([]);
    expect(runs).toBe(1);
  });

  it('refuses other content under the same id, naming the field', async () => {
    const message = textMessage('one');
    await send(message);
    const { error } = await app.rpc().call('SendMessage', { message: { ...message, parts: [{ text: 'two' }] } });
    expect(error?.code).toBe(-32602);
    expect(JSON.stringify(error?.data)).toContain('message.messageId');
  });

  it('takes a follow-up once', async () => {
    runs = 0;
    const { id } = await send(textMessage('ask'));
    const answer = textMessage('answer', { taskId: id });
    const [one, two] = await Promise.all([send(answer), send(answer)]);
    const three = await send(answer);
    for (const task of [one, two, three]) {
      expect(task).toMatchObject({ id, status: { state: 'TASK_STATE_COMPLETED' } });
      expect(task.artifacts).toHaveLength(2);
    }
    expect(runs).toBe(2);
  });

  it('gives each caller an answer of its own: a cut history of one is whole for the others', async () => {
    const message = textMessage('shared');
    const params = { message, configuration: { historyLength: 0 } };
    const [cut, whole] = await Promise.all([
      app.rpc().result<{ task: Task }>('SendMessage', params),
      app.rpc().result<{ task: Task }>('SendMessage', { message }),
    ]);
    expect(cut.task.history).toBeUndefined();
    expect(whole.task.history).toHaveLength(1);
  });
});
