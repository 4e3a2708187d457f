import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeErrorInfo, decodeStatus } from '@a2a-js/sdk/errors/grpc';
import { A2aAuthModule } from '../src/index.js';
import type { Task } from '../src/protocol/model/index.js';
import { agentOf } from './support/agent-of.js';
import { GrpcClient, grpcAddress, SERVICES } from './support/grpc.client.js';
import { RpcClient, textMessage, V10 } from './support/rpc.client.js';
import { TestApp } from './support/test-app.js';
import { until } from '../src/testing/contracts/until.js';
import { WebhookReceiver } from './support/webhook.receiver.js';

/** The owner is what the header says. */
const auth = A2aAuthModule.forRoot({
  authenticators: [
    {
      name: 'test',
      scheme: { apiKeySecurityScheme: { location: 'header', name: 'x-owner' } },
      authenticate: ({ headers }) => (typeof headers['x-owner'] === 'string' ? { owner: headers['x-owner'] } : null),
    },
  ],
});

interface Refusal {
  readonly message: string;
  readonly info?: { readonly reason: string; readonly metadata: Record<string, string> };
}

describe('a webhook that failures disabled', () => {
  let app: TestApp;
  let receiver: WebhookReceiver;
  let grpc: GrpcClient;
  let task: Task;
  const alice = { 'x-owner': 'alice' };
  const rpc = (version: '1.0' | '0.3', headers: Record<string, string> = alice): RpcClient =>
    new RpcClient(`${app.origin}/`, { ...(version === '1.0' && V10), ...headers });

  beforeAll(async () => {
    receiver = await WebhookReceiver.start();
    receiver.behave = (response) => response.writeHead(500).end();
    app = await TestApp.start({
      agents: [agentOf(async (_, updater) => updater.requiresInput('more?'))],
      imports: [auth],
      grpc: { port: 0 },
      pushNotifications: {
        ...{ allowedHosts: ['127.0.0.0/8'], firstRetryMs: 10, maxRetryMs: 20, pollMs: 20 },
        ...{ maxAttempts: 3, disableAfter: 1 },
      },
    });
    grpc = new GrpcClient(await grpcAddress(app));
    const configuration = { taskPushNotificationConfig: { url: receiver.url(), id: 'hook', token: 'secret' } };
    const sent = { message: textMessage('hi'), configuration };
    ({ task } = await rpc('1.0').result<{ task: Task }>('SendMessage', sent));
    const { id: taskId } = task;
    const listed = () => rpc('1.0').result<{ configs: unknown[] }>('ListTaskPushNotificationConfigs', { taskId });
    await until(async () => (await listed()).configs.length === 0);
  });
  afterAll(async () => {
    grpc.close();
    await app.close();
    await receiver.stop();
  });

  const GETS: Readonly<Record<string, (headers: Record<string, string>, id: string) => Promise<Refusal>>> = {
    'JSON-RPC 1.0': (headers, id) => overRpc('1.0', headers, { taskId: task.id, id }),
    'JSON-RPC 0.3': (headers, id) => overRpc('0.3', headers, { id: task.id, pushNotificationConfigId: id }),
    'HTTP+JSON 1.0': (headers, id) => overRest('1.0', '', headers, id),
    'HTTP+JSON 0.3': (headers, id) => overRest('0.3', '/v1', headers, id),
    'gRPC 1.0': (headers, id) => overGrpc('1.0', headers, { taskId: task.id, id, tenant: '' }),
    'gRPC 0.3': (headers, id) => overGrpc('0.3', headers, { name: `tasks/${task.id}/pushNotificationConfigs/${id}` }),
  };

  async function overRpc(version: '1.0' | '0.3', headers: Record<string, string>, params: object): Promise<Refusal> {
    const method = version === '1.0' ? 'GetTaskPushNotificationConfig' : 'tasks/pushNotificationConfig/get';
    const { error } = await rpc(version, headers).call(method, params);
    expect(error?.code).toBe(-32001);
    return { message: error!.message, info: infoIn(error?.data) };
  }

  async function overRest(
    version: string,
    base: string,
    headers: Record<string, string>,
    id: string,
  ): Promise<Refusal> {
    const response = await fetch(`${app.origin}${base}/tasks/${task.id}/pushNotificationConfigs/${id}`, {
      headers: { 'A2A-Version': version, ...headers },
    });
    expect(response.status).toBe(404);
    const text = await response.text();
    const body = JSON.parse(text) as { error?: { message: string; details: unknown }; message: string; data?: unknown };
    return { message: body.error?.message ?? body.message, info: infoIn(body.error?.details ?? body.data) };
  }

  async function overGrpc(version: '1.0' | '0.3', headers: Record<string, string>, request: object): Promise<Refusal> {
    const method = SERVICES[version]['getTaskPushNotificationConfig'];
    const { error, trailers } = await grpc.unary(method, request, { 'a2a-version': version, ...headers });
    const [details] = trailers.get('grpc-status-details-bin');
    return {
      message: error!.details,
      info:
        details === undefined
          ? undefined
          : (decodeErrorInfo(decodeStatus(details as Buffer).details[0]!.value) as Refusal['info']),
    };
  }

  /** In v1.0 it is one of a list, in v0.3 the object itself. */
  const infoIn = (details: unknown): Refusal['info'] =>
    [details].flat().find((one): one is Refusal['info'] => (one as Refusal['info'])?.reason !== undefined);

  it.each(Object.entries(GETS))('is told to its owner, and to nobody else: %s', async (_binding, get) => {
    const { message, info } = await get(alice, 'hook');
    expect(message).toMatch(
      /^Push notification config hook of task \S+ was disabled at \S+Z after 3 attempts of a notification\. The last one, at \S+Z, met with HTTP status 500\. Create it again/,
    );
    expect(message).not.toContain('secret');
    expect(info).toMatchObject({
      reason: 'TASK_NOT_FOUND',
      metadata: { taskId: task.id, configId: 'hook', attempts: '3', lastStatus: '500' },
    });
    for (const [headers, id] of [[{ 'x-owner': 'eve' }, 'hook'] as const, [alice, 'other'] as const]) {
      const none = await get(headers, id);
      expect(none.message).toMatch(/not found/i);
      expect(JSON.stringify(none.info ?? {})).not.toMatch(/disabled|"500"/);
    }
  });

  it('is told to a client of v0.3 that names no config', async () => {
    const get = (params: object) => rpc('0.3').call('tasks/pushNotificationConfig/get', params);
    expect((await get({ id: task.id })).error?.message).toContain('was disabled at');
    const byDefault = await get({ id: task.id, pushNotificationConfigId: 'default' });
    expect(byDefault.error?.message).toContain('was disabled at');
  });

  it('is found again when it is set again, and is gone when it is deleted', async () => {
    receiver.behave = (response) => response.writeHead(204).end();
    const [client, named] = [rpc('1.0'), { taskId: task.id, id: 'hook' }];
    await client.result('CreateTaskPushNotificationConfig', { ...named, url: receiver.url() });
    expect(await client.result('GetTaskPushNotificationConfig', named)).toMatchObject(named);
    await client.result('DeleteTaskPushNotificationConfig', named);
    const { error } = await client.call('GetTaskPushNotificationConfig', named);
    expect(error?.message).toMatch(/config not found/);
  });
});
