import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { SendMessageRequest, type Task as SdkTask } from '@a2a-js/sdk';
import { ClientFactory, ClientFactoryOptions, JsonRpcTransportFactory, RestTransportFactory } from '@a2a-js/sdk/client';
import { type CanActivate, type ExecutionContext, ForbiddenException } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { randomUUID } from 'node:crypto';
import type { AgentCard, ListTasksResponse, SendMessageResponse, Task } from '../src/protocol/model/index.js';
import type { CallContext } from '../src/security/call-context.js';
import { type A2aPrincipal, setA2aPrincipal } from '../src/security/principal.js';
import type { TenantsOptions } from '../src/security/tenants.options.js';
import type { GrpcCall } from '../src/transports/grpc/grpc.options.js';
import type { Operation } from './conformance/support/binding.js';
import { type ConformanceClient, message } from './conformance/support/conformance.client.js';
import { scriptAgent } from './conformance/support/script.agent.js';
import {
  ALL_SETUPS,
  ConformanceServer,
  type ServerOptions,
  type Setup,
  setupsWith,
} from './conformance/support/setups.js';
import { agentOf } from './support/agent-of.js';
import { V10, textMessage } from './support/rpc.client.js';
import { ADAPTERS, STORAGES, TestApp } from './support/test-app.js';

type Headers = Readonly<Record<string, string | undefined>>;

/** One and the same user, in the tenant that the header names. */
const principalOf = ({ 'x-tenant': tenant, 'x-user': owner = 'alice' }: Headers): A2aPrincipal => ({
  owner,
  ...(tenant !== undefined && { tenant }),
});

class HeaderGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<{ headers: Headers }>();
    setA2aPrincipal(request, principalOf(request.headers));
    return true;
  }
}

const known = (options: Partial<ServerOptions> = {}): ServerOptions => ({
  agents: [scriptAgent({ extendedCard: { version: '2' } }), { provide: APP_GUARD, useClass: HeaderGuard }],
  authenticate: ({ headers }: GrpcCall) => principalOf(headers),
  ...options,
});

const url = 'https://example.com/hook';

/** Each operation on a task, with what it is asked. */
const ON_TASKS: readonly (readonly [Operation, (taskId: string) => object])[] = [
  ['GetTask', (id) => ({ id })],
  ['CancelTask', (id) => ({ id })],
  ['SubscribeToTask', (id) => ({ id })],
  ['SendMessage', (taskId) => ({ message: message('42', { taskId }) })],
  ['SendStreamingMessage', (taskId) => ({ message: message('42', { taskId }) })],
  ['CreateTaskPushNotificationConfig', (taskId) => ({ taskId, url, id: 'hook' })],
  ['GetTaskPushNotificationConfig', (taskId) => ({ taskId, id: 'hook' })],
  ['ListTaskPushNotificationConfigs', (taskId) => ({ taskId })],
  ['DeleteTaskPushNotificationConfig', (taskId) => ({ taskId, id: 'hook' })],
];
/** … and those on none. */
const ALL: typeof ON_TASKS = [
  ...ON_TASKS,
  ['SendMessage', () => ({ message: message('echo hi') })],
  ['SendStreamingMessage', () => ({ message: message('echo hi') })],
  ['ListTasks', () => ({})],
  ['GetExtendedAgentCard', () => ({})],
];
const offeredBy = (operations: typeof ON_TASKS, { binding }: Setup): typeof ON_TASKS =>
  operations.filter(([operation]) => !binding.without.includes(operation));

describe.each(ALL_SETUPS)('a user in two tenants over %s', (_, setup) => {
  let server: ConformanceServer;
  let acme: ConformanceClient;
  let globex: ConformanceClient;
  beforeAll(async () => {
    server = await ConformanceServer.start(setup, known());
    acme = server.client({ 'x-tenant': 'acme' });
    globex = server.client({ 'x-tenant': 'globex' });
  });
  afterAll(() => server.close());

  it.each(offeredBy(ON_TASKS, setup))(
    'I3: cannot tell by %s a task of the other tenant from none',
    async (operation, request) => {
      const waiting = await acme.send('ask');
      const ended = await acme.send('echo hi');
      for (const { id } of [waiting, ended]) {
        await acme.result('CreateTaskPushNotificationConfig', { taskId: id, url, id: 'hook' }).catch(() => undefined);
      }
      const answers = [];
      for (const asked of [waiting.id, ended.id, randomUUID()]) {
        const failure = await globex.failure(operation, request(asked));
        answers.push(JSON.stringify(failure).replaceAll(asked, 'ID'));
      }
      expect(new Set(answers)).toEqual(new Set([expect.stringContaining('TASK_NOT_FOUND')]));
      expect((await acme.get(waiting.id)).status.state).toBe('TASK_STATE_INPUT_REQUIRED');
    },
  );

  if (!setup.binding.lacks.includes('referenceTaskIds'))
    it('I3: is not given the tasks of the other tenant that a message refers to', async () => {
      const { id } = await acme.send('echo secret');
      const task = await globex.send('references', { referenceTaskIds: [id] });
      expect(task.artifacts?.[0]?.parts).toEqual([{ text: '[]' }]);
    });

  if (setup.binding.version === '1.0')
    it.each(offeredBy(ALL, setup))(
      'I2: may name none, unless somebody admits it, by %s',
      async (operation, request) => {
        const failure = await server.client().failure(operation, { ...request(randomUUID()), tenant: 'acme' });
        expect(failure).toMatchObject({ reason: 'INVALID_PARAMS', fields: ['tenant'] });
      },
    );

  it('I3: makes another task of a message that was sent to the other tenant', async () => {
    const sent = { message: message('echo hi') };
    const [one, two] = [
      await acme.result<SendMessageResponse>('SendMessage', sent),
      await globex.result<SendMessageResponse>('SendMessage', sent),
    ];
    const idOf = (response: SendMessageResponse): string => ('task' in response ? response.task.id : '');
    expect(idOf(one)).not.toBe(idOf(two));
    expect((await globex.get(idOf(two))).history).toHaveLength(1);
  });
});

describe.each(setupsWith('ListTasks'))('lists of a user in two tenants over %s', (_, setup) => {
  let server: ConformanceServer;
  beforeAll(async () => {
    server = await ConformanceServer.start(setup, known());
  });
  afterAll(() => server.close());

  it('I3: hold the tasks of one of them, whatever is asked for', async () => {
    const acme = server.client({ 'x-tenant': 'acme' });
    const globex = server.client({ 'x-tenant': 'globex' });
    const theirs = [await acme.send('echo hi'), await acme.send('echo hi')];
    const own = await globex.send('echo hi', { contextId: theirs[0]!.contextId });
    for (const request of [{}, { contextId: own.contextId }, { status: 'TASK_STATE_COMPLETED' }]) {
      const { tasks, totalSize } = await globex.result<ListTasksResponse>('ListTasks', request);
      expect([tasks.map(({ id }) => id), totalSize]).toEqual([[own.id], 1]);
    }
    const { nextPageToken } = await acme.result<ListTasksResponse>('ListTasks', { pageSize: 1 });
    const stolen = await globex.failure('ListTasks', { pageSize: 1, pageToken: nextPageToken });
    expect(stolen).toMatchObject({ reason: 'INVALID_PARAMS', fields: ['pageToken'] });
  });
});

const V10_SETUPS = ALL_SETUPS.filter(([, { binding }]) => binding.version === '1.0');

describe.each(V10_SETUPS)('a tenant that a request names over %s', (_, setup) => {
  let server: ConformanceServer;
  beforeAll(async () => {
    server = await ConformanceServer.start(setup, known({ tenants: { resolve: ({ tenant }) => tenant } }));
  });
  afterAll(() => server.close());

  it('I2: is where its task is, and nowhere else', async () => {
    const client = server.client();
    const sent = { message: message('tenant'), tenant: 'acme' };
    const { task } = await client.result<{ task: Task }>('SendMessage', sent);
    expect(task.artifacts?.[0]?.parts).toEqual([{ text: '"acme"' }]);
    expect(await client.result('GetTask', { id: task.id, tenant: 'acme' })).toMatchObject({ id: task.id });
    for (const tenant of [undefined, '', 'globex', 'ACME']) {
      const failure = await client.failure('GetTask', { id: task.id, ...(tenant !== undefined && { tenant }) });
      expect(failure.reason).toBe('TASK_NOT_FOUND');
    }
  });

  it.each(offeredBy(ALL, setup))('I2: must be that of the principal, by %s', async (operation, request) => {
    const client = server.client({ 'x-tenant': 'acme' });
    const failure = await client.failure(operation, { ...request(randomUUID()), tenant: 'globex' });
    expect(failure).toMatchObject({ reason: 'INVALID_PARAMS', fields: ['tenant'] });
  });
});

describe.each(ALL_SETUPS)('tenants that the application resolves over %s', (_, setup) => {
  const calls: CallContext[] = [];
  let server: ConformanceServer;
  beforeAll(async () => {
    const resolve = async (call: CallContext): Promise<string | undefined> => {
      calls.push(call);
      if (call.owner === 'mallory') throw new ForbiddenException('mallory is on the list');
      if (call.owner === 'broken') return 'x'.repeat(513);
      return call.owner === 'nobody' ? undefined : `${call.owner}'s`;
    };
    server = await ConformanceServer.start(setup, known({ tenants: { resolve, required: true } }));
  });
  afterAll(() => server.close());

  it('are those of the call, for the agent too, whatever the request says', async () => {
    const alice = server.client({ 'x-user': 'alice' });
    const task = await alice.send('tenant');
    expect(task.artifacts?.[0]?.parts).toEqual([{ text: `"alice's"` }]);
    expect((await alice.get(task.id)).id).toBe(task.id);
    expect(calls.at(-1)).toMatchObject({ owner: 'alice', tenant: '', protocolVersion: setup.binding.version });
  });

  it.each(offeredBy(ALL, setup))('may be refused: %s', async (operation, request) => {
    const failure = await server.client({ 'x-user': 'mallory' }).failure(operation, request(randomUUID()));
    expect(failure.reason).toBe('PERMISSION_DENIED');
    expect(failure.message).not.toContain('list');
  });

  it.each(offeredBy(ALL, setup))('may be required: %s', async (operation, request) => {
    const failure = await server.client({ 'x-user': 'nobody' }).failure(operation, request(randomUUID()));
    expect(failure).toMatchObject({ reason: 'INVALID_PARAMS', fields: [expect.stringMatching(/\btenant$/)] });
  });

  it('that are none are a fault of the server, of which nobody hears more', async () => {
    const failure = await server.client({ 'x-user': 'broken' }).failure('GetTask', { id: randomUUID() });
    expect(failure).toMatchObject({ reason: 'INTERNAL', message: 'Internal error' });
  });
});

describe.each(ADAPTERS)('a tenant that cards declare, on %s', (adapter) => {
  let app: TestApp | undefined;
  afterEach(async () => {
    await app?.close();
    app = undefined;
  });

  const teller = (options = {}) => agentOf(async ({ caller }, updater) => updater.complete(caller.tenant), options);
  async function serve(tenants?: TenantsOptions, tenant?: string): Promise<TestApp> {
    return (app = await TestApp.start({ adapter, tenants, agents: [teller({ tenant })] }));
  }
  const cardOf = async (version: string): Promise<AgentCard> => {
    const response = await fetch(`${app!.origin}/.well-known/agent-card.json`, { headers: { 'a2a-version': version } });
    return (await response.json()) as AgentCard;
  };

  it('I1: is in the interfaces of v1.0, of one agent or of all', async () => {
    const declaredWith = async (tenants?: TenantsOptions, tenant?: string): Promise<unknown> => {
      await serve(tenants, tenant);
      const { supportedInterfaces } = await cardOf('1.0');
      const older = supportedInterfaces.filter(({ protocolVersion }) => protocolVersion === '0.3');
      expect(older.length).toBeGreaterThan(0);
      for (const entry of older) expect(entry).not.toHaveProperty('tenant');
      expect(JSON.stringify(await cardOf('0.3'))).not.toContain('tenant');
      await app!.close();
      app = undefined;
      return supportedInterfaces.filter((entry) => !older.includes(entry)).map((entry) => entry.tenant);
    };
    expect(await declaredWith()).toEqual([undefined, undefined]);
    expect(await declaredWith(undefined, 'acme')).toEqual(['acme', 'acme']);
    expect(await declaredWith({ declared: 'acme' })).toEqual(['acme', 'acme']);
    expect(await declaredWith({ declared: 'acme' }, 'globex')).toEqual(['globex', 'globex']);
  });

  it.each([
    ['JSON-RPC', new JsonRpcTransportFactory()],
    ['HTTP+JSON', new RestTransportFactory()],
  ] as const)('I1: is what the official client sends, over %s', async (_name, transport) => {
    await serve({ declared: 'acme', required: true });
    const options = { ...ClientFactoryOptions.default, transports: [transport] };
    const client = await new ClientFactory(options).createFromUrl(app!.origin);
    const request = SendMessageRequest.fromJSON({ message: textMessage('hi') });
    const task = (await client.sendMessage(request)) as SdkTask;
    expect(task.status?.message?.parts[0]?.content).toEqual({ $case: 'text', value: 'acme' });
    expect((await client.getTask({ id: task.id, tenant: '' })).id).toBe(task.id);
    await expect(client.getTask({ id: task.id, tenant: 'globex' })).rejects.toThrow(/not found/i);
  });

  it('X25: is meant by who cannot name one, so that both versions see the same tasks', async () => {
    await serve(undefined, 'acme');
    const older = app!.rpc(undefined, {});
    const sent = { kind: 'message', messageId: randomUUID(), role: 'user', parts: [{ kind: 'text', text: 'hi' }] };
    const { id } = await older.result<{ id: string }>('message/send', { message: sent });
    const newer = app!.rpc(undefined, V10);
    expect(await newer.result('GetTask', { id, tenant: 'acme' })).toMatchObject({ id });
    expect(await newer.result('GetTask', { id })).toMatchObject({ id });
    expect((await newer.call('GetTask', { id, tenant: 'globex' })).error?.code).toBe(-32001);
  });

  it.each(['', 'a/b', 'a:b', 'tasks', 'V1', 'a b', '.well-known'])('cannot be %j', async (tenant) => {
    await expect(serve({ declared: tenant })).rejects.toThrow('A2aModule: tenants.declared is');
    await expect(serve(undefined, tenant)).rejects.toThrow(`TestAgent (in TestModule): tenant is "${tenant}"`);
  });
});

describe.each(STORAGES)('a stream of another tenant on %s', (storage) => {
  let server: TestApp;
  afterAll(() => server.close());

  it('I3: is not resumed by the id of its message', async () => {
    server = await TestApp.start({ storage, agents: [agentOf(async (_, updater) => updater.complete())] });
    const sent = textMessage('hi');
    await server.rpc().result('SendMessage', { message: sent, tenant: 'acme' });
    const resume = async (tenant: string, asked: object): Promise<string> => {
      const params = { message: asked, tenant };
      const stream = await server.rpc().stream('SendStreamingMessage', params, { 'last-event-id': '0' });
      return (await stream.response.setEncoding('utf8').toArray()).join('');
    };
    expect(await resume('acme', sent)).toContain('TASK_STATE_COMPLETED');
    expect(await resume('globex', sent)).toBe(await resume('globex', textMessage('hi')));
  });
});
