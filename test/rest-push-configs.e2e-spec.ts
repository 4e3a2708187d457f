import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RestTransportFactory } from '@a2a-js/sdk/client';
import { LegacyRestTransport } from '@a2a-js/sdk/compat/v0_3/client';
import { LabAgent } from '../examples/lab/lab.agent.js';
import type { Task } from '../src/protocol/model/index.js';
import { http } from './support/rest.client.js';
import { RpcClient, textMessage, V10 } from './support/rpc.client.js';
import { ADAPTERS, STORAGES, TestApp } from './support/test-app.js';

const SETUPS = STORAGES.map((storage, i) => ({ storage, adapter: ADAPTERS[i % ADAPTERS.length]! }));
const V03 = {};

describe.each(SETUPS)('push notification configs over HTTP+JSON on $adapter with $storage', ({ adapter, storage }) => {
  let app: TestApp;
  let lab: string;
  let rpc: RpcClient;

  beforeAll(async () => {
    app = await TestApp.start({ adapter, storage, agents: [LabAgent] });
    lab = `${app.origin}/agents/lab`;
    rpc = new RpcClient(lab);
  });
  afterAll(() => app.close());

  const send = async (text: string, configuration: object): Promise<Task> => {
    const body = { message: textMessage(text), configuration };
    return (await http<{ task: Task }>(`${lab}/message:send`, { method: 'POST', body })).body.task;
  };

  it('X28: keeps push configs, those that JSON-RPC knows, in the form of each version; what goes well is answered with 200', async () => {
    const { id: taskId } = await send('sleep 60000', { returnImmediately: true });
    const at = `${lab}/tasks/${taskId}/pushNotificationConfigs`;
    const given = { id: 'a b/c', url: 'https://example.com/hook', token: 't' };
    const made = await http(at, { method: 'POST', body: given });
    expect(made).toEqual({ status: 200, body: { taskId, ...given } });
    const { token: _, ...shown } = made.body as Record<string, unknown>;
    expect((await http(`${at}/a%20b%2Fc`)).body).toEqual(shown);
    const list = (await http(at)).body;
    expect(list).toEqual({ configs: [shown], nextPageToken: '' });
    expect(list).toEqual(await rpc.result('ListTaskPushNotificationConfigs', { taskId }));
    const elsewhere = await http(at, { method: 'POST', body: { ...given, taskId: 'another' } });
    expect(elsewhere).toMatchObject({
      status: 400,
      body: { error: { details: [{}, { fieldViolations: [{ field: 'taskId' }] }] } },
    });

    const older = `${lab}/v1/tasks/${taskId}/pushNotificationConfigs`;
    const config = { id: 'older', url: 'https://example.com/hook', authentication: { schemes: ['Bearer', 'Basic'] } };
    const name = `tasks/${taskId}/pushNotificationConfigs/older`;
    // The official SDK sends the config alone, those for Python and Go the request of the rpc.
    for (const body of [
      { name, pushNotificationConfig: config },
      { parent: `tasks/${taskId}`, config_id: 'older', config: { push_notification_config: config } },
    ]) {
      const set = await http(older, { method: 'POST', body, headers: V03 });
      expect(set).toEqual({ status: 200, body: { name, pushNotificationConfig: config } });
    }
    const wrong = { name: 'tasks/another/pushNotificationConfigs/older', pushNotificationConfig: config };
    expect((await http(older, { method: 'POST', body: wrong, headers: V03 })).status).toBe(400);
    const both = (await http<{ configs: object[] }>(older, { headers: V03 })).body;
    expect(both.configs).toHaveLength(2);
    for (const [url, headers] of [
      [`${older}/older`, V03],
      [`${at}/a%20b%2Fc`, V10],
    ] as const) {
      expect(await http(url, { method: 'DELETE', headers })).toEqual({ status: 200, body: {} });
      expect((await http(url, { headers })).status).toBe(404);
    }
    await http(`${lab}/tasks/${taskId}:cancel`, { method: 'POST' });
  });

  it('keeps the push configs of the official clients', async () => {
    const { id: taskId } = await send('sleep 60000', { returnImmediately: true });
    const newer = await new RestTransportFactory().create(lab, { supportedInterfaces: [] } as never);
    const older = new LegacyRestTransport({ endpoint: lab });
    const options = { serviceParameters: V10 };
    const config = {
      tenant: '',
      taskId,
      id: 'p',
      url: 'https://example.com/hook',
      token: 't',
      authentication: undefined,
    };
    expect(await newer.createTaskPushNotificationConfig(config, options)).toEqual(config);
    const query = { tenant: '', taskId, id: 'p' };
    const shown = { ...config, token: '' };
    expect(await older.getTaskPushNotificationConfig(query)).toEqual(shown);
    expect(await older.createTaskPushNotificationConfig({ ...config, id: 'q' })).toEqual({ ...config, id: 'q' });
    const all = { tenant: '', taskId, pageSize: 0, pageToken: '' };
    for (const list of [
      await newer.listTaskPushNotificationConfig(all, options),
      await older.listTaskPushNotificationConfig(all),
    ])
      expect(list.configs).toEqual([shown, { ...shown, id: 'q' }]);
    await older.deleteTaskPushNotificationConfig(query);
    await newer.deleteTaskPushNotificationConfig({ ...query, id: 'q' }, options);
    expect((await newer.listTaskPushNotificationConfig(all, options)).configs).toEqual([]);
    await http(`${lab}/tasks/${taskId}:cancel`, { method: 'POST' });
  });
});
