import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Task } from '../src/protocol/model/index.js';
import { agentOf } from './support/agent-of.js';
import { Cluster } from './support/cluster.js';
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

  it('C14: makes one task and one run, also when it arrives 20 times at once', async () => {
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

describe.each(STORAGES)('with deduplicateMessages off, on %s', (storage) => {
  let app: TestApp;
  beforeAll(async () => {
    const agent = agentOf(async ({ userText }, updater) => {
      await updater.addArtifact(userText);
      if (userText === 'ask') await updater.requiresInput();
    });
    app = await TestApp.start({ storage, agents: [agent], execution: { deduplicateMessages: false } });
  });
  afterAll(() => app.close());

  const send = async (message: unknown): Promise<Task> =>
    (await app.rpc().result<{ task: Task }>('SendMessage', { message })).task;

  it('a messageId that was used before makes another task, whatever its content', async () => {
    const message = textMessage('one');
    const tasks = await Promise.all([send(message), send(message), send({ ...message, parts: [{ text: 'two' }] })]);
    expect(new Set(tasks.map(({ id }) => id)).size).toBe(3);
  });

  it('a follow-up whose messageId was used before is the next turn', async () => {
    const message = textMessage('ask');
    const { id } = await send(message);
    const again = await send({ ...message, taskId: id });
    expect(again).toMatchObject({ id, status: { state: 'TASK_STATE_INPUT_REQUIRED' } });
    const done = await send({ ...message, taskId: id, parts: [{ text: 'done' }] });
    expect(done.status.state).toBe('TASK_STATE_COMPLETED');
    expect(done.artifacts?.map(({ parts: [part] }) => part)).toEqual([
      { text: 'ask' },
      { text: 'ask' },
      { text: 'done' },
    ]);
  });

  it('a finished task takes no more, also not from a messageId that it took', async () => {
    const message = textMessage('one');
    const { id } = await send(message);
    const { error } = await app.rpc().call('SendMessage', { message: { ...message, taskId: id } });
    expect(error?.code).toBe(-32004);
  });

  it('Last-Event-ID does not resume the stream of a message', async () => {
    const message = textMessage('one');
    await send(message);
    const stream = await app.rpc().stream('SendStreamingMessage', { message }, { 'Last-Event-ID': '1' });
    expect(stream.response.headers['content-type']).toBe('application/json');
    stream.close();
  });
});

describe('a message sent to several replicas at once', () => {
  const REPLICAS = 3;
  const SENDS = 50;
  let cluster: Cluster;
  const runs = new Map<string, number>();
  beforeAll(async () => {
    const agent = agentOf(async ({ userText, turn }, updater) => {
      runs.set(userText, (runs.get(userText) ?? 0) + 1);
      await updater.addArtifact(`${userText} ${turn}`);
      if (userText.startsWith('ask')) await updater.requiresInput();
    });
    cluster = await Cluster.start({ size: REPLICAS, agents: () => [agent] });
  });
  afterAll(() => cluster.close());

  const sendAll = (messages: readonly object[]) =>
    Promise.all(
      messages.map((message, index) => cluster.rpc(index % REPLICAS).call<{ task: Task }>('SendMessage', { message })),
    );

  it(`makes one task and one run of ${SENDS} that are equal, and answers them all with its end`, async () => {
    const message = textMessage('hello');
    const answers = await sendAll(Array.from({ length: SENDS }, () => message));
    const [first] = answers;
    expect(first?.result?.task.status.state).toBe('TASK_STATE_COMPLETED');
    for (const { result } of answers) expect(result).toEqual(first?.result);
    expect(runs.get('hello')).toBe(1);
    const { totalSize } = await cluster.rpc(0).result<{ totalSize: number }>('ListTasks', {});
    expect(totalSize).toBe(1);
  });

  it('takes one of several with one id and other content, and refuses the others by name', async () => {
    const { messageId } = textMessage('');
    const texts = Array.from({ length: SENDS }, (_, index) => `variant ${index}`);
    const answers = await sendAll(texts.map((text) => textMessage(text, { messageId })));
    expect(answers.filter(({ result }) => result)).toHaveLength(1);
    const refused = answers.flatMap(({ error }) => (error ? [error] : []));
    expect(refused.map(({ code }) => code)).toEqual(refused.map(() => -32602));
    for (const { data } of refused) expect(JSON.stringify(data)).toContain('message.messageId');
    expect(texts.filter((text) => runs.has(text))).toHaveLength(1);
  });

  it(`takes one follow-up of ${SENDS} that are equal`, async () => {
    const [asked] = await sendAll([textMessage('ask')]);
    const taskId = asked?.result?.task.id;
    const message = textMessage('ask again', { taskId });
    for (const { result } of await sendAll(Array.from({ length: SENDS }, () => message))) {
      expect(result?.task.artifacts).toHaveLength(2);
    }
    expect(runs.get('ask again')).toBe(1);
  });
});
