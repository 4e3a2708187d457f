import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { StreamResponse, Task } from '../src/protocol/model/index.js';
import { agentOf, Gate } from './support/agent-of.js';
import { callersBy } from './support/callers-by.js';
import { Cluster } from './support/cluster.js';
import { textMessage, V10, v03Message } from './support/rpc.client.js';
import { STORAGES, TestApp } from './support/test-app.js';
import { until } from '../src/testing/contracts/until.js';

describe.each(STORAGES)('a message sent more than once, on %s', (storage) => {
  let app: TestApp;
  let runs = 0;
  const slow = new Gate();
  beforeAll(async () => {
    const agent = agentOf(async ({ userText, turn }, updater) => {
      runs++;
      if (userText === 'slow') {
        await updater.startWork();
        await slow.opened;
      }
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

  it('answers a stream with all events of the task that the first send made', async () => {
    runs = 0;
    const message = textMessage('hello stream');
    const { id } = await send(message);
    const stream = await app.rpc().stream('SendStreamingMessage', { message });
    const [first, ...rest] = await stream.results<StreamResponse>();
    expect(first).toMatchObject({ task: { id, status: { state: 'TASK_STATE_SUBMITTED' } } });
    expect(rest.map((event) => Object.keys(event))).toEqual([['artifactUpdate'], ['statusUpdate']]);
    expect(rest[1]).toMatchObject({ statusUpdate: { status: { state: 'TASK_STATE_COMPLETED' } } });
    expect(runs).toBe(1);
  });

  it('answers a stream that is sent again as the first one, and goes on with both while the task runs', async () => {
    runs = 0;
    const message = textMessage('slow');
    const open = () => app.rpc().stream('SendStreamingMessage', { message });
    const first = (await open()).all();
    await until(() => runs === 1);
    const [second, third] = [(await open()).all(), (await open()).all()];
    slow.open();
    const events = await first;
    expect(await second).toEqual(events);
    expect(await third).toEqual(events);
    expect(await (await open()).all()).toEqual(events);
    expect(events.map(({ id }) => id)).toEqual(['1', '2', '3', '4']);
    expect(runs).toBe(1);
  });

  it('is the same message when defaults are written out, and in either version', async () => {
    runs = 0;
    const message = textMessage('meant');
    const { id } = await send(message);
    const spelled = {
      ...{ ...message, metadata: {}, extensions: [], referenceTaskIds: [], contextId: '' },
      parts: [{ text: 'meant', metadata: {}, filename: '', mediaType: '' }],
    };
    for (const historyLength of [undefined, 0, 5]) {
      const answer = await app
        .rpc()
        .result<{ task: Task }>('SendMessage', { message: spelled, configuration: { historyLength } });
      expect(answer.task.id).toBe(id);
    }
    const legacy = { ...v03Message('meant'), messageId: message.messageId, metadata: {}, extensions: [] };
    expect(await app.rpc(undefined, {}).result('message/send', { message: legacy })).toMatchObject({ id });
    expect(runs).toBe(1);
  });

  it('is another message of an anonymous caller when its content is another', async () => {
    const [one, two] = ['one', 'two'].map((text) => ({ ...textMessage(text), messageId: 'test-msg-1' }));
    const tasks = [await send(one), await send(two), await send(one), await send(two)];
    expect(new Set(tasks.map(({ id }) => id)).size).toBe(2);
    expect([tasks[2]?.id, tasks[3]?.id]).toEqual([tasks[0]?.id, tasks[1]?.id]);
    expect(tasks.map(({ artifacts }) => artifacts?.[0]?.parts)).toEqual(
      ['one 1', 'two 1', 'one 1', 'two 1'].map((text) => [{ text }]),
    );
    const stream = await app.rpc().stream('SendStreamingMessage', { message: two }, { 'Last-Event-ID': '0' });
    expect((await stream.results<{ task: Task }>())[0]?.task.id).toBe(tasks[1]?.id);
  });

  it('is the next turn of an anonymous caller whose follow-up has another content under the same id', async () => {
    const first = await send({ ...textMessage('ask me'), messageId: '123' });
    const taskId = first.id;
    const second = await send({ ...textMessage('an answer'), messageId: '123', taskId });
    expect(second).toMatchObject({ id: taskId, status: { state: 'TASK_STATE_COMPLETED' } });
    expect(await send({ ...textMessage('an answer'), messageId: '123', taskId })).toEqual(second);
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

describe.each(STORAGES)('a message of a caller with an identity, on %s', (storage) => {
  let app: TestApp;
  beforeAll(async () => {
    const agent = agentOf(async ({ userText }, updater) => {
      await updater.addArtifact(userText);
      if (userText === 'ask') await updater.requiresInput();
    });
    app = await TestApp.start({ storage, agents: [agent, callersBy('x-user')] });
  });
  afterAll(() => app.close());

  const as = (owner: string) => app.rpc(undefined, { ...V10, 'x-user': owner });
  const send = async (message: unknown): Promise<Task> =>
    (await as('alice').result<{ task: Task }>('SendMessage', { message })).task;

  it('refuses other content under the same id, naming the field', async () => {
    const message = textMessage('one');
    await send(message);
    const { error } = await as('alice').call('SendMessage', { message: { ...message, parts: [{ text: 'two' }] } });
    expect(error?.code).toBe(-32602);
    expect(JSON.stringify(error?.data)).toContain('message.messageId');
    expect((await as('bob').call('SendMessage', { message })).result).toBeDefined();
  });

  it('refuses a follow-up of other content under the same id, naming the field', async () => {
    const message = textMessage('ask');
    const { id } = await send(message);
    const { error } = await as('alice').call('SendMessage', { message: { ...message, taskId: id } });
    expect(error?.code).toBe(-32602);
    expect(JSON.stringify(error?.data)).toContain('message.messageId');
  });

  it('resumes by its id alone, whatever its content', async () => {
    const message = textMessage('one');
    await send(message);
    const other = { message: { ...message, parts: [{ text: 'two' }] } };
    const stream = await as('alice').stream('SendStreamingMessage', other, { 'Last-Event-ID': '2' });
    expect((await stream.all()).map(({ id }) => id)).toEqual(['3']);
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
    cluster = await Cluster.start({ size: REPLICAS, agents: () => [agent, callersBy('x-user')] });
  });
  afterAll(() => cluster.close());

  const sendAll = (messages: readonly object[], headers: Record<string, string> = V10) =>
    Promise.all(
      messages.map((message, index) =>
        cluster.rpc(index % REPLICAS, undefined, headers).call<{ task: Task }>('SendMessage', { message }),
      ),
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
    const alice = { ...V10, 'x-user': 'alice' };
    const answers = await sendAll(
      texts.map((text) => textMessage(text, { messageId })),
      alice,
    );
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
