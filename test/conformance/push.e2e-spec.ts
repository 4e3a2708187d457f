import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type {
  ListTaskPushNotificationConfigsResponse,
  SendMessageResponse,
  TaskPushNotificationConfig,
} from '../../src/protocol/model/index.js';
import { type ReceivedNotification, WebhookReceiver } from '../support/webhook.receiver.js';
import type { UnaryOperation } from './support/binding.js';
import { type ConformanceClient, message } from './support/conformance.client.js';
import { scriptAgent } from './support/script.agent.js';
import { ALL_SETUPS, ConformanceServer } from './support/setups.js';

const url = 'https://example.com/webhook';
const authentication = { scheme: 'Bearer', credentials: 'secret' };

describe.each(ALL_SETUPS)('push notification configs over %s', (_, setup) => {
  let server: ConformanceServer;
  let client: ConformanceClient;
  let receiver: WebhookReceiver;
  beforeAll(async () => {
    receiver = await WebhookReceiver.start();
    const pushNotifications = { allowedHosts: ['127.0.0.1'] };
    server = await ConformanceServer.start(setup, { agents: [scriptAgent()], pushNotifications });
    client = server.client();
  });
  afterAll(async () => {
    await server.close();
    await receiver.stop();
  });

  const create = (config: TaskPushNotificationConfig): Promise<TaskPushNotificationConfig> =>
    client.result('CreateTaskPushNotificationConfig', config);
  const get = (taskId: string, id: string): Promise<TaskPushNotificationConfig> =>
    client.result('GetTaskPushNotificationConfig', { taskId, id });
  const list = async (taskId: string): Promise<TaskPushNotificationConfig[]> =>
    (await client.result<ListTaskPushNotificationConfigsResponse>('ListTaskPushNotificationConfigs', { taskId }))
      .configs;
  const remove = (taskId: string, id: string): Promise<unknown> =>
    client.result('DeleteTaskPushNotificationConfig', { taskId, id });

  it('G2, G3: are kept as they were made, and have an id', async () => {
    const { id: taskId } = await client.send('ask');
    const made = await create({ taskId, id: 'mine', url, token: 't', authentication });
    expect(made).toEqual({ taskId, id: 'mine', url, token: 't', authentication });
    // Secrets are shown once.
    const shown = { taskId, id: 'mine', url, authentication: { scheme: 'Bearer' } };
    expect(await get(taskId, 'mine')).toEqual(shown);
    const unnamed = await create({ taskId, url });
    expect(unnamed.id).toMatch(/./);
    expect(await get(taskId, unnamed.id ?? '')).toEqual(unnamed);
  });

  it('G4: are listed, and no others', async () => {
    const { id: taskId } = await client.send('ask');
    const other = await client.send('ask');
    expect(await list(taskId)).toEqual([]);
    for (const id of ['a', 'b']) await create({ taskId, id, url });
    await create({ taskId: other.id, id: 'c', url });
    expect((await list(taskId)).map(({ id }) => id)).toEqual(['a', 'b']);
  });

  it('G5: are gone when they were deleted, which may be said again', async () => {
    const { id: taskId } = await client.send('ask');
    await create({ taskId, id: 'a', url });
    await remove(taskId, 'a');
    await remove(taskId, 'a');
    expect(await list(taskId)).toEqual([]);
    const gone = await client.failure('GetTaskPushNotificationConfig', { taskId, id: 'a' });
    expect(gone.reason).toBe('TASK_NOT_FOUND');
  });

  it.each<[UnaryOperation, object]>([
    ['CreateTaskPushNotificationConfig', { url }],
    ['GetTaskPushNotificationConfig', { id: 'a' }],
    ['ListTaskPushNotificationConfigs', {}],
    ['DeleteTaskPushNotificationConfig', { id: 'a' }],
  ])('G3, B8: there are none of a task that is not there (%s)', async (operation, request) => {
    const failure = await client.failure(operation, { taskId: randomUUID(), ...request });
    expect(failure.reason).toBe('TASK_NOT_FOUND');
  });

  it.each(['http://127.0.0.2/hook', 'http://10.0.0.1/', 'http://[::1]/', 'ftp://example.com/', 'not a url'])(
    'G10, C15: cannot be for %s',
    async (bad) => {
      const { id: taskId } = await client.send('ask');
      const failure = await client.failure('CreateTaskPushNotificationConfig', { taskId, url: bad });
      expect(failure.reason).toBe('INVALID_PARAMS');
      expect(failure.fields).toEqual([expect.stringMatching(/url$/)]);
      expect(await list(taskId)).toEqual([]);
    },
  );

  it('G6, G7, G8, G12, G13: bring what a stream shows in v1.0, and the Task in v0.3', async () => {
    const path = `/${randomUUID()}`;
    const config = { url: receiver.url(path), token: 'my-token', authentication };
    const request = { message: message('echo hi'), configuration: { taskPushNotificationConfig: config } };
    const response = await client.result<SendMessageResponse>('SendMessage', request);
    const taskId = 'task' in response ? response.task.id : '';
    const v10 = setup.binding.version === '1.0';
    const isLast = ({ body }: ReceivedNotification): boolean =>
      JSON.stringify(body).includes(v10 ? '"TASK_STATE_COMPLETED"' : '"completed"');
    const received = await receiver.until(path, (all) => all.some(isLast));
    for (const { method, headers, body } of received) {
      expect(method).toBe('POST');
      expect(headers['content-type']).toBe(v10 ? 'application/a2a+json' : 'application/json');
      expect(headers.authorization).toBe('Bearer secret');
      expect(headers['x-a2a-notification-token']).toBe('my-token');
      expect(JSON.stringify(body)).toContain(taskId);
      if (v10) expect(Object.keys(body)).toEqual([expect.stringMatching(/^(task|statusUpdate|artifactUpdate)$/)]);
      else expect(body['kind']).toBe('task');
    }
    if (v10) {
      const shapes = received.map(({ body }) => Object.keys(body)[0]);
      expect(shapes).toEqual(['task', 'artifactUpdate', 'statusUpdate']);
    } else {
      // Spec 0.3.0, 9.5: the Task is the payload.
      expect(received.at(0)?.body).toMatchObject({ id: taskId, status: { state: 'submitted' } });
      expect(received.at(-1)?.body).toMatchObject({
        id: taskId,
        status: { state: 'completed' },
        artifacts: [{ parts: [{ kind: 'text' }] }],
      });
    }
  });
});

describe.each(ALL_SETUPS)('an agent without push notifications, over %s', (_, setup) => {
  let server: ConformanceServer;
  beforeAll(async () => {
    server = await ConformanceServer.start(setup, { agents: [scriptAgent({ pushNotifications: false })] });
  });
  afterAll(() => server.close());

  it('G1, C21: refuses configs, alone and with a message, of which nothing is begun', async () => {
    const client = server.client();
    const { id: taskId } = await client.send('ask');
    const off = { reason: 'PUSH_NOTIFICATION_NOT_SUPPORTED' };
    for (const [operation, request] of [
      ['CreateTaskPushNotificationConfig', { taskId, url }],
      ['GetTaskPushNotificationConfig', { taskId, id: 'a' }],
      ['ListTaskPushNotificationConfigs', { taskId }],
      ['DeleteTaskPushNotificationConfig', { taskId, id: 'a' }],
      ['SendMessage', { message: message('42', { taskId }), configuration: { taskPushNotificationConfig: { url } } }],
    ] as const) {
      expect(await client.failure(operation, request)).toMatchObject(off);
    }
    expect((await client.get(taskId)).status.state).toBe('TASK_STATE_INPUT_REQUIRED');
  });
});
