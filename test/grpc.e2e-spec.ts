import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AgentCard, Task } from '@a2a-js/sdk';
import { type Client, ClientFactory, ClientFactoryOptions, DefaultAgentCardResolver } from '@a2a-js/sdk/client';
import { GrpcTransportFactory } from '@a2a-js/sdk/client/grpc';
import { randomUUID } from 'node:crypto';
import { DefaultLabAgent } from './support/lab-app.js';
import { COMPLETED_TASKS, describeOfficialClient, request, send, textOf } from './support/official-client.calls.js';
import { STORAGES, TestApp } from './support/test-app.js';
import { WebhookReceiver } from './support/webhook.receiver.js';

const VERSIONS = ['1.0', '0.3'] as const;
const SETUPS = VERSIONS.flatMap((version) => STORAGES.map((storage) => ({ version, storage })));

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

  describeOfficialClient(version, () => client);

  it('G12: has its task told of by a webhook in the form of its version, and keeps the configs of that', async () => {
    const receiver = await WebhookReceiver.start();
    try {
      const { id: taskId } = await send(client, 'ask');
      const config = { tenant: '', taskId, id: 'a', url: receiver.url(), token: 't', authentication: undefined };
      expect(await client.createTaskPushNotificationConfig(config)).toMatchObject({
        id: 'a',
        url: config.url,
        token: 't',
      });
      expect(await client.getTaskPushNotificationConfig({ tenant: '', taskId, id: 'a' })).toMatchObject({ token: '' });
      const list = { tenant: '', taskId, pageSize: 10, pageToken: '' };
      expect((await client.listTaskPushNotificationConfig(list)).configs).toMatchObject([{ id: 'a' }]);
      await send(client, 'done', taskId);
      const ended = /completed/i;
      const received = await receiver.until('/hook', (all) => ended.test(JSON.stringify(all.at(-1)?.body ?? '')));
      const last = received.at(-1);
      const status = { state: version === '1.0' ? 'TASK_STATE_COMPLETED' : 'completed' };
      expect(last?.body).toMatchObject(
        version === '1.0' ? { statusUpdate: { taskId, status } } : { kind: 'task', id: taskId, status },
      );
      await client.deleteTaskPushNotificationConfig({ tenant: '', taskId, id: 'a' });
      expect((await client.listTaskPushNotificationConfig(list)).configs).toEqual([]);
    } finally {
      await receiver.stop();
    }
  });

  it('gets a task without its history', async () => {
    const task = await send(client, 'echo hello');
    const got = await client.getTask({ id: task.id, tenant: '', historyLength: 0 });
    // In v0.3, 0 is the same as leaving it out.
    expect(got.history).toHaveLength(version === '0.3' ? task.history.length : 0);
    expect(textOf(got)).toBe('hello');
  });

  it('is answered as over JSON-RPC', async () => {
    const task = await send(client, 'echo same');
    const overHttp = await app.rpc('lab').result('GetTask', { id: task.id });
    expect(Task.toJSON(await client.getTask({ id: task.id, tenant: '' }))).toEqual(overHttp);
  });

  if (version === '0.3') {
    it('has no list', () => expect(client.listTasks(COMPLETED_TASKS)).rejects.toThrow('tasks/list'));
  }

  it('creates, gets, lists and deletes push notification configs', async () => {
    const { id: taskId } = await send(client, 'ask');
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
    const shown = { ...given, token: '', authentication: { scheme: 'Bearer', credentials: '' } };
    expect(await client.getTaskPushNotificationConfig(one)).toEqual(shown);
    const all = { tenant: '', taskId, pageSize: 0, pageToken: '' };
    expect((await client.listTaskPushNotificationConfig(all)).configs).toEqual([shown]);
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
    const { id } = await send(client, 'echo done');
    await expect(client.cancelTask({ id, tenant: '', metadata: undefined })).rejects.toMatchObject({
      reason: 'TASK_NOT_CANCELABLE',
    });
  });
});
