import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AgentCard, type Message, SendMessageRequest, type StreamResponse, Task, TaskState } from '@a2a-js/sdk';
import { type Client, ClientFactory, ClientFactoryOptions, DefaultAgentCardResolver } from '@a2a-js/sdk/client';
import { GrpcTransportFactory } from '@a2a-js/sdk/client/grpc';
import { randomUUID } from 'node:crypto';
import { labChunk } from '../examples/lab/lab-chunk.js';
import { DefaultLabAgent } from './support/lab-app.js';
import { STORAGES, TestApp } from './support/test-app.js';
import { WebhookReceiver } from './support/webhook.receiver.js';

const VERSIONS = ['1.0', '0.3'] as const;
const SETUPS = VERSIONS.flatMap((version) => STORAGES.map((storage) => ({ version, storage })));

const request = (text: string, taskId?: string): SendMessageRequest =>
  SendMessageRequest.fromJSON({ message: { messageId: randomUUID(), role: 'ROLE_USER', taskId, parts: [{ text }] } });

const isTask = (result: Task | Message): result is Task => 'status' in result;
const textOf = (task: Task): string =>
  task.artifacts
    .flatMap(({ parts }) => parts.map(({ content }) => (content?.$case === 'text' ? content.value : '')))
    .join('');

/** A client that was given the card and chose from it, with the interfaces of one version and gRPC alone. */
async function clientOf(origin: string, version: string): Promise<Client> {
  const transports = [new GrpcTransportFactory({ legacyCompat: { enabled: true } })];
  const options = ClientFactoryOptions.createFrom(ClientFactoryOptions.default, { transports });
  const card = await new DefaultAgentCardResolver().resolve(origin);
  const supportedInterfaces = card.supportedInterfaces.filter(
    ({ protocolVersion, protocolBinding }) => protocolBinding === 'GRPC' && protocolVersion.startsWith(version),
  );
  expect(supportedInterfaces).toHaveLength(1);
  return new ClientFactory(options).createFromAgentCard(
    AgentCard.fromJSON({ ...(AgentCard.toJSON(card) as object), supportedInterfaces }),
  );
}

describe.each(SETUPS)('the official gRPC client in v$version, on $storage', ({ version, storage }) => {
  let app: TestApp;
  let client: Client;
  beforeAll(async () => {
    const grpc = { port: 0, authenticate: 'anonymous' as const };
    app = await TestApp.start({
      storage,
      agents: [DefaultLabAgent],
      grpc,
      execution: { cancelTimeoutMs: 500 },
      pushNotifications: { allowedHosts: ['127.0.0.1'] },
    });
    client = await clientOf(app.origin, version);
  });
  afterAll(() => app.close());

  async function send(text: string, taskId?: string): Promise<Task> {
    const result = await client.sendMessage(request(text, taskId));
    if (!isTask(result)) throw new Error('a task was expected');
    return result;
  }

  const all = async (stream: AsyncIterable<StreamResponse>): Promise<StreamResponse[]> => {
    const events: StreamResponse[] = [];
    for await (const event of stream) events.push(event);
    return events;
  };

  it('speaks that version', () => expect(client.protocolVersion).toMatch(version));

  it('G12: has its task told of by a webhook in the form of its version, and keeps the configs of that', async () => {
    const receiver = await WebhookReceiver.start();
    try {
      const { id: taskId } = await send('ask');
      const config = { tenant: '', taskId, id: 'a', url: receiver.url(), token: 't', authentication: undefined };
      expect(await client.createTaskPushNotificationConfig(config)).toMatchObject({
        id: 'a',
        url: config.url,
        token: 't',
      });
      expect(await client.getTaskPushNotificationConfig({ tenant: '', taskId, id: 'a' })).toMatchObject({ token: 't' });
      const list = { tenant: '', taskId, pageSize: 10, pageToken: '' };
      expect((await client.listTaskPushNotificationConfig(list)).configs).toMatchObject([{ id: 'a' }]);
      await send('done', taskId);
      const last = (await receiver.until('/hook', 3)).at(-1);
      const status = { state: version === '1.0' ? 'TASK_STATE_COMPLETED' : 'completed' };
      const update = { taskId, status };
      expect(last?.body).toMatchObject(
        version === '1.0' ? { statusUpdate: update } : { kind: 'status-update', ...update },
      );
      await client.deleteTaskPushNotificationConfig({ tenant: '', taskId, id: 'a' });
      expect((await client.listTaskPushNotificationConfig(list)).configs).toEqual([]);
    } finally {
      await receiver.stop();
    }
  });

  it('sends and gets', async () => {
    const task = await send('echo hello');
    expect(task.status?.state).toBe(TaskState.TASK_STATE_COMPLETED);
    expect(textOf(task)).toBe('hello');
    const got = await client.getTask({ id: task.id, tenant: '', historyLength: 0 });
    // In v0.3, 0 is the same as leaving it out.
    expect(got.history).toHaveLength(version === '0.3' ? task.history.length : 0);
    expect(textOf(got)).toBe('hello');
  });

  it('is answered as over JSON-RPC', async () => {
    const task = await send('echo same');
    const overHttp = await app.rpc('lab').result('GetTask', { id: task.id });
    expect(Task.toJSON(await client.getTask({ id: task.id, tenant: '' }))).toEqual(overHttp);
  });

  it('streams', async () => {
    const events = await all(client.sendMessageStream(request('stream 50 64')));
    expect(events[0]?.payload?.$case).toBe('task');
    const chunks = events.flatMap(({ payload }) =>
      payload?.$case === 'artifactUpdate' ? (payload.value.artifact?.parts ?? []) : [],
    );
    const texts = chunks.map(({ content }) => (content?.$case === 'text' ? content.value : ''));
    expect(texts).toEqual(Array.from({ length: 50 }, (_, i) => labChunk(i, 64)));
    const last = events.at(-1)?.payload;
    expect(last?.$case === 'statusUpdate' && last.value.status?.state).toBe(TaskState.TASK_STATE_COMPLETED);
  });

  it('follows up on a question', async () => {
    const asked = await send('ask');
    expect(asked.status?.state).toBe(TaskState.TASK_STATE_INPUT_REQUIRED);
    const done = await send('forty-two', asked.id);
    expect(done.id).toBe(asked.id);
    expect(done.status?.state).toBe(TaskState.TASK_STATE_COMPLETED);
    expect(textOf(done)).toContain('forty-two');
  });

  it('cancels, also a run that does not obey', async () => {
    for (const text of ['sleep 60000', 'hang']) {
      const begun = await client.sendMessage({
        ...request(text),
        configuration: { acceptedOutputModes: [], returnImmediately: true, taskPushNotificationConfig: undefined },
      });
      const canceled = await client.cancelTask({ id: (begun as Task).id, tenant: '', metadata: undefined });
      expect(canceled.status?.state).toBe(TaskState.TASK_STATE_CANCELED);
    }
  });

  it('subscribes to a running task', async () => {
    const stream = client.sendMessageStream(request('stream 100 64 5'));
    const first = (await stream.next()).value as StreamResponse;
    const id = first.payload?.$case === 'task' ? first.payload.value.id : '';
    const [own, other] = await Promise.all([all(stream), all(client.resubscribeTask({ id, tenant: '' }))]);
    expect(other[0]?.payload?.$case).toBe('task');
    expect(other.slice(1)).toEqual(own.slice(own.length - other.length + 1));
  });

  it('lists', async () => {
    const filter = {
      tenant: '',
      contextId: '',
      status: TaskState.TASK_STATE_COMPLETED,
      pageSize: 2,
      pageToken: '',
      statusTimestampAfter: undefined,
    };
    // v0.3 has no such call.
    if (version === '0.3') return expect(client.listTasks(filter)).rejects.toThrow('tasks/list');
    const page = await client.listTasks(filter);
    expect(page.tasks).toHaveLength(2);
    expect(page.totalSize).toBeGreaterThan(2);
    expect(page.nextPageToken).not.toBe('');
    expect(page.tasks.every(({ status }) => status?.state === TaskState.TASK_STATE_COMPLETED)).toBe(true);
  });

  it('creates, gets, lists and deletes push notification configs', async () => {
    const { id: taskId } = await send('ask');
    const given = {
      tenant: '',
      id: 'p',
      taskId,
      // A name that leads nowhere: what is delivered is another test's business.
      url: 'https://hook.invalid/x',
      token: 't',
      authentication: { scheme: 'Bearer', credentials: 'c' },
    };
    expect(await client.createTaskPushNotificationConfig(given)).toEqual(given);
    const one = { tenant: '', taskId, id: 'p' };
    expect(await client.getTaskPushNotificationConfig(one)).toEqual(given);
    const all = { tenant: '', taskId, pageSize: 0, pageToken: '' };
    expect((await client.listTaskPushNotificationConfig(all)).configs).toEqual([given]);
    await client.deleteTaskPushNotificationConfig(one);
    expect((await client.listTaskPushNotificationConfig(all)).configs).toEqual([]);
    await expect(client.getTaskPushNotificationConfig(one)).rejects.toMatchObject({ reason: 'TASK_NOT_FOUND' });
  });

  it('takes a push notification config with a message', async () => {
    const push = {
      tenant: '',
      id: 'inline',
      taskId: '',
      url: 'https://hook.invalid/x',
      token: '',
      authentication: undefined,
    };
    const result = await client.sendMessage({
      ...request('ask'),
      configuration: { acceptedOutputModes: [], returnImmediately: false, taskPushNotificationConfig: push },
    });
    const all = { tenant: '', taskId: (result as Task).id, pageSize: 0, pageToken: '' };
    expect((await client.listTaskPushNotificationConfig(all)).configs).toMatchObject([{ id: 'inline', url: push.url }]);
  });

  it('gets the error of a task that is not there', async () => {
    await expect(client.getTask({ id: randomUUID(), tenant: '' })).rejects.toMatchObject({
      name: 'TaskNotFoundError',
      reason: 'TASK_NOT_FOUND',
    });
  });

  it('gets the error of a task that cannot be canceled', async () => {
    const { id } = await send('echo done');
    await expect(client.cancelTask({ id, tenant: '', metadata: undefined })).rejects.toMatchObject({
      reason: 'TASK_NOT_CANCELABLE',
    });
  });
});
