import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Task, TaskPushNotificationConfig } from '../src/protocol/model/index.js';
import { agentOf } from './support/agent-of.js';
import { RpcClient, textMessage, v03Message } from './support/rpc.client.js';
import { ADAPTERS, STORAGES, TestApp } from './support/test-app.js';
import { violatedFields } from './support/violations.js';

const SETUPS = STORAGES.map((storage, i) => ({ storage, adapter: ADAPTERS[i % ADAPTERS.length]! }));
// A name that leads nowhere: what is delivered is another test's business.
const url = 'https://hook.invalid/x';

describe.each(SETUPS)('push notification configs over JSON-RPC on $adapter with $storage', ({ storage, adapter }) => {
  let app: TestApp;
  let v10: RpcClient;
  let v03: RpcClient;

  beforeAll(async () => {
    const ask = agentOf(async (_, updater) => updater.requiresInput('more?'));
    const off = agentOf(async (_, updater) => updater.complete(), {
      id: 'off',
      default: false,
      pushNotifications: false,
    });
    app = await TestApp.start({ storage, adapter, agents: [ask, off] });
    v10 = app.rpc();
    v03 = app.rpc(undefined, {});
  });
  afterAll(() => app.close());

  const newTask = async (configuration = {}): Promise<Task> =>
    (await v10.result<{ task: Task }>('SendMessage', { message: textMessage('hi'), configuration })).task;

  it('G4, X13, X14: are created, got, listed by pages and deleted in v1.0', async () => {
    const { id: taskId } = await newTask();
    const authentication = { scheme: 'Bearer', credentials: 'c' };
    const given = { taskId, url, token: 't', authentication };
    const created = await v10.result<TaskPushNotificationConfig>('CreateTaskPushNotificationConfig', given);
    expect(created).toStrictEqual({ ...given, id: expect.any(String) });
    const id = { taskId, id: created.id };
    const shown = { ...id, url, authentication: { scheme: 'Bearer' } };
    expect(await v10.result('GetTaskPushNotificationConfig', id)).toStrictEqual(shown);
    await v10.result('CreateTaskPushNotificationConfig', { taskId, url, id: 'b' });
    const first = await v10.result('ListTaskPushNotificationConfigs', { taskId, pageSize: 1 });
    expect(first).toStrictEqual({ configs: [shown], nextPageToken: expect.stringMatching(/./) });
    const second = { taskId, pageSize: 1, pageToken: first['nextPageToken'] };
    expect(await v10.result('ListTaskPushNotificationConfigs', second)).toStrictEqual({
      configs: [{ taskId, url, id: 'b' }],
      nextPageToken: '',
    });
    expect(await v10.result('DeleteTaskPushNotificationConfig', id)).toStrictEqual({});
    expect(await v10.result('DeleteTaskPushNotificationConfig', id)).toStrictEqual({});
    expect((await v10.call('GetTaskPushNotificationConfig', id)).error?.code).toBe(-32001);
  });

  it('G4, X13, X14: are set, got, listed and deleted in v0.3', async () => {
    const { id } = await v03.result<Task>('message/send', { message: v03Message('hi') });
    const authentication = { schemes: ['Digest', 'Bearer'], credentials: 'c' };
    const given = { taskId: id, pushNotificationConfig: { url, token: 't', authentication } };
    const set = { taskId: id, pushNotificationConfig: { id, ...given.pushNotificationConfig } };
    expect(await v03.result('tasks/pushNotificationConfig/set', given)).toStrictEqual(set);
    const shown = {
      taskId: id,
      pushNotificationConfig: { id, url, authentication: { schemes: ['Digest', 'Bearer'] } },
    };
    expect(await v03.result('tasks/pushNotificationConfig/get', { id })).toStrictEqual(shown);
    const named = { id, pushNotificationConfigId: id };
    expect(await v03.result('tasks/pushNotificationConfig/get', named)).toStrictEqual(shown);
    expect(await v03.result('tasks/pushNotificationConfig/list', { id })).toStrictEqual([shown]);
    expect(await v03.call('tasks/pushNotificationConfig/delete', named)).toStrictEqual({
      jsonrpc: '2.0',
      id: 1,
      result: null,
    });
    expect(await v03.result('tasks/pushNotificationConfig/list', { id })).toStrictEqual([]);
    expect((await v03.call('tasks/pushNotificationConfig/get', { id })).error?.code).toBe(-32001);
  });

  it.each([
    ['1.0', ''],
    ['0.3', '/v1'],
  ])('v%s over HTTP+JSON: create, get, list, delete', async (version, base) => {
    const { id: taskId } = await newTask();
    const call = async (method: string, path: string, body?: object): Promise<[number, unknown]> => {
      const response = await fetch(`${app.origin}${base}/tasks/${taskId}/pushNotificationConfigs${path}`, {
        method,
        headers: { 'A2A-Version': version, ...(body && { 'content-type': 'application/json' }) },
        ...(body && { body: JSON.stringify(body) }),
      });
      return [response.status, await response.json()];
    };
    const config = { id: 'a', url };
    const name = `tasks/${taskId}/pushNotificationConfigs/a`;
    const shown = version === '1.0' ? { taskId, ...config } : { name, pushNotificationConfig: config };
    const given = version === '1.0' ? config : { config: { pushNotificationConfig: config }, configId: 'a' };
    expect(await call('POST', '', given)).toEqual([200, shown]);
    expect(await call('GET', '/a')).toEqual([200, shown]);
    expect(await call('GET', '')).toEqual([200, { configs: [shown], nextPageToken: '' }]);
    expect(await call('DELETE', '/a')).toEqual([200, {}]);
    expect((await call('GET', '/a'))[0]).toBe(404);
    expect((await call('POST', '', { url: 'http://localhost/' }))[0]).toBe(400);
  });

  it('X17: each version reads what the other stored', async () => {
    const { id: taskId } = await newTask({ taskPushNotificationConfig: { url, id: 'new', token: 't' } });
    const authentication = { schemes: ['Digest', 'Bearer'], credentials: 'c' };
    await v03.result('message/send', {
      message: v03Message('more', { taskId }),
      configuration: { pushNotificationConfig: { url, id: 'old', authentication } },
    });
    expect(await v10.result('ListTaskPushNotificationConfigs', { taskId })).toStrictEqual({
      configs: [
        { taskId, url, id: 'new' },
        { taskId, url, id: 'old', authentication: { scheme: 'Bearer' } },
      ],
      nextPageToken: '',
    });
    expect(await v03.result('tasks/pushNotificationConfig/list', { id: taskId })).toStrictEqual([
      { taskId, pushNotificationConfig: { url, id: 'new' } },
      { taskId, pushNotificationConfig: { url, id: 'old', authentication: { schemes: ['Digest', 'Bearer'] } } },
    ]);
  });

  it('name what is wrong in the fields of each version', async () => {
    const { id: taskId } = await newTask();
    const bad = { url: 'http://169.254.169.254/' };
    const message = (text: string) => ({ v10: textMessage(text), v03: v03Message(text) });
    const create = await v10.call('CreateTaskPushNotificationConfig', { taskId, ...bad });
    const set = await v03.call('tasks/pushNotificationConfig/set', { taskId, pushNotificationConfig: bad });
    const noUrl = await v03.call('tasks/pushNotificationConfig/set', { taskId, pushNotificationConfig: {} });
    const send = await v10.call('SendMessage', {
      message: message('hi').v10,
      configuration: { taskPushNotificationConfig: bad },
    });
    const send03 = await v03.call('message/send', {
      message: message('hi').v03,
      configuration: { pushNotificationConfig: { url, authentication: { schemes: ['a b'] } } },
    });
    for (const { error } of [create, set, noUrl, send, send03]) expect(error?.code).toBe(-32602);
    expect([create, set, noUrl, send, send03].map(violatedFields)).toEqual([
      ['url'],
      ['pushNotificationConfig.url'],
      ['pushNotificationConfig.url'],
      ['configuration.taskPushNotificationConfig.url'],
      ['configuration.pushNotificationConfig.authentication.schemes[0]'],
    ]);
  });

  it('G1: are refused where the card does not declare them, whatever the params', async () => {
    const methods: [RpcClient, string][] = [
      ...['Create', 'Get', 'Delete'].map((verb): [RpcClient, string] => [
        app.rpc('off'),
        `${verb}TaskPushNotificationConfig`,
      ]),
      [app.rpc('off'), 'ListTaskPushNotificationConfigs'],
      ...['set', 'get', 'list', 'delete'].map((verb): [RpcClient, string] => [
        app.rpc('off', {}),
        `tasks/pushNotificationConfig/${verb}`,
      ]),
    ];
    for (const [client, method] of methods) expect((await client.call(method, {})).error?.code).toBe(-32003);
    const message = textMessage('hi');
    const configuration = { taskPushNotificationConfig: { url } };
    expect((await app.rpc('off').call('SendMessage', { message, configuration })).error?.code).toBe(-32003);
    const capabilities = async (agent: string): Promise<unknown> =>
      (
        (await (
          await fetch(`${app.origin}${agent}/.well-known/agent-card.json`, { headers: { 'A2A-Version': '1.0' } })
        ).json()) as { capabilities: { pushNotifications: boolean } }
      ).capabilities.pushNotifications;
    expect([await capabilities(''), await capabilities('/agents/off')]).toEqual([true, false]);
  });

  it('are not kept by caches', async () => {
    const { id: taskId } = await newTask();
    const body = { jsonrpc: '2.0', id: 1, method: 'ListTaskPushNotificationConfigs', params: { taskId } };
    const headers = { 'content-type': 'application/json', 'A2A-Version': '1.0' };
    const { headers: answered } = await fetch(app.origin, { method: 'POST', headers, body: JSON.stringify(body) });
    expect(answered.get('cache-control')).toBe('private, no-store');
  });
});
