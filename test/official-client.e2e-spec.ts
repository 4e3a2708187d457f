import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AgentCard, type Message, Part, SendMessageRequest, StreamResponse, type Task, TaskState } from '@a2a-js/sdk';
import {
  type Client,
  ClientFactory,
  ClientFactoryOptions,
  DefaultAgentCardResolver,
  JsonRpcTransportFactory,
  RestTransportFactory,
} from '@a2a-js/sdk/client';
import { legacyPushNotificationToV1StreamResponse } from '@a2a-js/sdk/compat/v0_3';
import { randomUUID } from 'node:crypto';
import { LabAgent } from '../examples/lab/lab.agent.js';
import { labChunk } from '../examples/lab/lab-chunk.js';
import { ADAPTERS, STORAGES, TestApp } from './support/test-app.js';
import { WebhookReceiver } from './support/webhook.receiver.js';

const VERSIONS = ['1.0', '0.3'] as const;
const BINDINGS = ['JSONRPC', 'HTTP+JSON'] as const;
const SETUPS = VERSIONS.flatMap((version) =>
  BINDINGS.flatMap((binding, i) =>
    STORAGES.map((storage, j) => ({ version, binding, storage, adapter: ADAPTERS[(i + j) % ADAPTERS.length]! })),
  ),
);

const request = (text: string, taskId?: string): SendMessageRequest =>
  SendMessageRequest.fromJSON({ message: { messageId: randomUUID(), role: 'ROLE_USER', taskId, parts: [{ text }] } });

const isTask = (result: Task | Message): result is Task => 'status' in result;
const textOf = (task: Task): string =>
  task.artifacts
    .flatMap(({ parts }) => parts.map(({ content }) => (content?.$case === 'text' ? content.value : '')))
    .join('');

async function clientOf(origin: string, version: string, binding: string): Promise<Client> {
  const legacyCompat = { enabled: true };
  const transports = [new JsonRpcTransportFactory({ legacyCompat }), new RestTransportFactory({ legacyCompat })];
  const options = ClientFactoryOptions.createFrom(ClientFactoryOptions.default, { transports });
  const card = await new DefaultAgentCardResolver().resolve(origin, '/agents/lab/.well-known/agent-card.json');
  const supportedInterfaces = card.supportedInterfaces.filter(
    ({ protocolBinding, protocolVersion }) => protocolBinding === binding && protocolVersion.startsWith(version),
  );
  expect(supportedInterfaces).not.toEqual([]);
  return new ClientFactory(options).createFromAgentCard(
    AgentCard.fromJSON({ ...(AgentCard.toJSON(card) as object), supportedInterfaces }),
  );
}

describe.each(SETUPS)('the official client in v$version by $binding, on $storage', (setup) => {
  const { version, binding, storage, adapter } = setup;
  let app: TestApp;
  let client: Client;
  beforeAll(async () => {
    app = await TestApp.start({
      storage,
      adapter,
      agents: [LabAgent],
      execution: { cancelTimeoutMs: 500 },
      pushNotifications: { allowedHosts: ['127.0.0.1'] },
    });
    client = await clientOf(app.origin, version, binding);
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

  it('sends and gets', async () => {
    const task = await send('echo hello');
    expect(task.status?.state).toBe(TaskState.TASK_STATE_COMPLETED);
    expect(textOf(task)).toBe('hello');
    const got = await client.getTask({ id: task.id, tenant: '', historyLength: 0 });
    expect(got.history).toEqual([]);
    expect(textOf(got)).toBe('hello');
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
    if (version === '0.3') {
      // v0.3 has no listing over JSON-RPC, and this client none over HTTP+JSON.
      const why = binding === 'JSONRPC' ? 'Method not found: tasks/list' : 'no equivalent in v0.3';
      await expect(client.listTasks({} as never)).rejects.toThrow(why);
      return;
    }
    const page = await client.listTasks({
      tenant: '',
      contextId: '',
      status: TaskState.TASK_STATE_COMPLETED,
      pageSize: 2,
      pageToken: '',
      statusTimestampAfter: undefined,
    });
    expect(page.tasks).toHaveLength(2);
    expect(page.totalSize).toBeGreaterThan(2);
    expect(page.nextPageToken).not.toBe('');
    expect(page.tasks.every(({ status }) => status?.state === TaskState.TASK_STATE_COMPLETED)).toBe(true);
  });

  it('gets the error of a task that is not there', async () => {
    await expect(client.getTask({ id: randomUUID(), tenant: '' })).rejects.toThrow(/not found/i);
  });

  it('has its task told of by a webhook, and keeps the configs of that', async () => {
    const receiver = await WebhookReceiver.start();
    try {
      const { id: taskId } = await send('ask');
      const authentication = { scheme: 'Bearer', credentials: 'c' };
      const config = { tenant: '', taskId, id: 'a', url: receiver.url(), token: 't', authentication };
      const { id: other, ...created } = await client.createTaskPushNotificationConfig({ ...config, id: '' });
      expect([created.url, created.token, created.authentication]).toEqual([config.url, 't', authentication]);
      expect(other).not.toBe('');
      await client.createTaskPushNotificationConfig(config);
      expect(await client.getTaskPushNotificationConfig({ tenant: '', taskId, id: 'a' })).toMatchObject({ id: 'a' });
      await client.deleteTaskPushNotificationConfig({ tenant: '', taskId, id: other });
      const list = { tenant: '', taskId, pageSize: 10, pageToken: '' };
      const { configs } = await client.listTaskPushNotificationConfig(list);
      expect(configs).toMatchObject([{ id: 'a', url: config.url, token: 't', authentication }]);
      await send('done', taskId);
      const received = await receiver.until('/hook', 3);
      expect(received.map(({ headers }) => headers.authorization)).toEqual(Array(3).fill('Bearer c'));
      const events = received.map(({ body }) =>
        version === '1.0' ? StreamResponse.fromJSON(body) : legacyPushNotificationToV1StreamResponse(body),
      );
      expect(events.map(({ payload }) => payload?.$case)).toEqual(['statusUpdate', 'artifactUpdate', 'statusUpdate']);
    } finally {
      await receiver.stop();
    }
  });

  it('sends files and data, and gets them back', async () => {
    const parts = [
      { raw: 'AP+A', mediaType: 'text/plain' },
      { url: 'https://x.example/f' },
      { data: { a: [1, null] } },
    ];
    const sent = SendMessageRequest.fromJSON({
      message: { messageId: randomUUID(), role: 'ROLE_USER', parts: [{ text: 'echo x' }, ...parts] },
    });
    const { history } = (await client.sendMessage(sent)) as Task;
    expect(history[0]?.parts.map((part) => Part.toJSON(part))).toEqual([{ text: 'echo x' }, ...parts]);
  });
});
