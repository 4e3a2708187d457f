import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type CanActivate, type ExecutionContext, Injectable, UseGuards } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { A2aAgent } from '../src/agents/a2a-agent.decorator.js';
import type { RequestContext } from '../src/agents/request-context.js';
import type { TaskUpdater } from '../src/agents/task-updater.js';
import type { AuditEntry } from '../src/audit/audit-record.js';
import { A2A_CONNECTION, A2aAuthModule, A2AError, type AuditOptions, AuditTrail } from '../src/index.js';
import { GrpcClient, grpcAddress, readAll, SERVICES } from './support/grpc.client.js';
import { send, v03Send } from './support/grpc-messages.js';
import { NotMallory } from './support/not-mallory.js';
import { RpcClient, textMessage, V10, v03Message } from './support/rpc.client.js';
import { ADAPTERS, STORAGES, TestApp, type TestAppOptions } from './support/test-app.js';
import { until } from '../src/testing/contracts/until.js';

const entries: AuditEntry[] = [];
const audit: AuditOptions = {
  flushMs: 0,
  sink: { write: async (records) => void entries.push(...records.map(({ entry }) => entry)) },
};

const SKILLS = [{ id: 'test', name: 'Test', description: 'A test', tags: ['test'] }];

@A2aAgent({ id: 'test', description: 'A test', skills: SKILLS, default: true })
@UseGuards(NotMallory)
class TestAgent {
  async execute(context: RequestContext, updater: TaskUpdater): Promise<void> {
    if (context.userText === 'ask') return updater.requiresInput('more?');
    await updater.addArtifact('done');
  }
}

/** The owner is what the header says. */
const auth = A2aAuthModule.forRoot({
  authenticators: [
    {
      name: 'test',
      scheme: { apiKeySecurityScheme: { location: 'header', name: 'x-owner' } },
      authenticate: ({ headers }) => {
        const owner = headers['x-owner'];
        if (owner === 'wrong') throw new A2AError('UNAUTHENTICATED', 'Wrong.');
        return typeof owner === 'string' ? { owner, tenant: 'acme' } : null;
      },
    },
  ],
});

const start = (options: Partial<TestAppOptions> = {}): Promise<TestApp> =>
  TestApp.start({ audit, agents: [TestAgent], imports: [auth], grpc: { port: 0 }, ...options });

const ALICE = { 'x-owner': 'alice', 'x-request-id': 'req-1' };
const FROM = { address: expect.stringMatching(/127\.0\.0\.1$/), requestId: 'req-1', kind: 'operation' };
const WHO = { ...FROM, owner: 'alice', tenant: 'acme', agent: 'test' };

/** A call of each kind over one binding in one version, with the headers of its caller. */
interface Calls {
  readonly binding: string;
  readonly version: '1.0' | '0.3';
  send(headers: Record<string, string>, text?: string): Promise<unknown>;
  get(headers: Record<string, string>, id: string): Promise<unknown>;
  cancel(headers: Record<string, string>, id: string): Promise<unknown>;
  invalid(headers: Record<string, string>): Promise<unknown>;
}

describe.each(ADAPTERS)('the audit trail on %s', (adapter) => {
  let app: TestApp;
  let grpc: GrpcClient;
  beforeAll(async () => {
    app = await start({ adapter });
    grpc = new GrpcClient(await grpcAddress(app));
  });
  afterAll(async () => {
    grpc.close();
    await app.close();
  });
  beforeEach(() => void entries.splice(0));

  const rpc = (headers: Record<string, string>, method: string, params: unknown): Promise<unknown> =>
    new RpcClient(`${app.origin}/`, headers).call(method, params);
  const rest = async (headers: Record<string, string>, address: string, body?: unknown): Promise<void> => {
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    };
    await (await fetch(app.origin + address, body === undefined ? { headers } : init)).text();
  };
  const v10 = SERVICES['1.0'];
  const v03 = SERVICES['0.3'];
  const METADATA = { 'a2a-version': '1.0' };

  const bindings: Calls[] = [
    {
      binding: 'jsonrpc',
      version: '1.0',
      send: (headers, text = 'hi') => rpc({ ...V10, ...headers }, 'SendMessage', { message: textMessage(text) }),
      get: (headers, id) => rpc({ ...V10, ...headers }, 'GetTask', { id }),
      cancel: (headers, id) => rpc({ ...V10, ...headers }, 'CancelTask', { id }),
      invalid: (headers) => rpc({ ...V10, ...headers }, 'SendMessage', { message: 7 }),
    },
    {
      binding: 'jsonrpc',
      version: '0.3',
      send: (headers, text = 'hi') => rpc(headers, 'message/send', { message: v03Message(text) }),
      get: (headers, id) => rpc(headers, 'tasks/get', { id }),
      cancel: (headers, id) => rpc(headers, 'tasks/cancel', { id }),
      invalid: (headers) => rpc(headers, 'message/send', { message: 7 }),
    },
    {
      binding: 'rest',
      version: '1.0',
      send: (headers, text = 'hi') => rest({ ...V10, ...headers }, '/message:send', { message: textMessage(text) }),
      get: (headers, id) => rest({ ...V10, ...headers }, `/tasks/${id}`),
      cancel: (headers, id) => rest({ ...V10, ...headers }, `/tasks/${id}:cancel`, {}),
      invalid: (headers) => rest({ ...V10, ...headers }, '/message:send', { message: 7 }),
    },
    {
      binding: 'rest',
      version: '0.3',
      send: (headers, text = 'hi') =>
        rest(headers, '/v1/message:send', {
          request: { messageId: randomUUID(), role: 'ROLE_USER', content: [{ text }] },
        }),
      get: (headers, id) => rest(headers, `/v1/tasks/${id}`),
      cancel: (headers, id) => rest(headers, `/v1/tasks/${id}:cancel`, {}),
      invalid: (headers) => rest(headers, '/v1/message:send', { request: 7 }),
    },
    {
      binding: 'grpc',
      version: '1.0',
      send: (headers) => grpc.unary(v10['sendMessage'], send(), { ...METADATA, ...headers }),
      get: (headers, id) => grpc.unary(v10['getTask'], { tenant: '', id }, { ...METADATA, ...headers }),
      cancel: (headers, id) => grpc.unary(v10['cancelTask'], { tenant: '', id }, { ...METADATA, ...headers }),
      invalid: (headers) => grpc.unary(v10['sendMessage'], send({ messageId: '' }), { ...METADATA, ...headers }),
    },
    {
      binding: 'grpc',
      version: '0.3',
      send: (headers) => grpc.unary(v03['sendMessage'], v03Send('hi'), headers),
      get: (headers, id) => grpc.unary(v03['getTask'], { name: `tasks/${id}`, historyLength: 0 }, headers),
      cancel: (headers, id) => grpc.unary(v03['cancelTask'], { name: `tasks/${id}` }, headers),
      invalid: (headers) => grpc.unary(v03['sendMessage'], {}, headers),
    },
  ];

  describe.each(bindings)('over $binding $version', (calls) => {
    const { binding, version } = calls;
    const recorded = async (): Promise<AuditEntry[]> => {
      await until(() => entries.length > 0);
      await new Promise((resolve) => setTimeout(resolve, 20));
      return entries;
    };

    it('has who did what to which task, once', async () => {
      await calls.send(ALICE);
      const taskId = expect.stringMatching(/^[\da-f-]{36}$/);
      expect(await recorded()).toEqual([{ ...WHO, action: 'SendMessage', outcome: 'ok', taskId, binding, version }]);
    });

    it('has the task of a refused cancel, and nothing of reads', async () => {
      await calls.get(ALICE, 'none');
      await calls.cancel(ALICE, 'none');
      const outcome = { outcome: 'not-found', reason: 'TASK_NOT_FOUND' };
      expect(await recorded()).toEqual([
        { ...WHO, action: 'CancelTask', ...outcome, taskId: 'none', binding, version },
      ]);
    });

    it('has what is refused, by class', async () => {
      await calls.invalid(ALICE);
      expect(await recorded()).toMatchObject([{ ...WHO, action: 'SendMessage', outcome: 'invalid', binding, version }]);
      entries.splice(0);
      await calls.send({ ...ALICE, 'x-owner': 'mallory' });
      expect(await recorded()).toMatchObject([
        { ...WHO, owner: 'mallory', outcome: 'forbidden', reason: 'PERMISSION_DENIED', binding },
      ]);
      entries.splice(0);
      await calls.send({ 'x-owner': 'wrong', 'x-request-id': 'req-1' });
      await calls.get({ 'x-request-id': 'req-1' }, 'none');
      const [wrong, none, ...more] = await recorded();
      for (const entry of [wrong, none]) expect(entry).toMatchObject({ ...FROM, outcome: 'unauthenticated', binding });
      expect(wrong?.owner).toBeUndefined();
      expect(more).toEqual([]);
    });
  });

  it('has streams when they begin, and event sources if reads are recorded', async () => {
    await readAll(grpc.stream(v10['sendStreamingMessage'], send(), { ...METADATA, ...ALICE }));
    await rest({ ...V10, ...ALICE }, '/message:stream', { message: textMessage('ask') });
    await until(() => entries.length === 2);
    expect(entries).toMatchObject([
      { ...WHO, action: 'SendStreamingMessage', outcome: 'ok', binding: 'grpc', taskId: expect.any(String) },
      { ...WHO, action: 'SendStreamingMessage', outcome: 'ok', binding: 'rest', taskId: expect.any(String) },
    ]);
  });

  it('has acts of operators', async () => {
    app.app.get(AuditTrail).record({ kind: 'admin', action: 'cancel-task', outcome: 'ok', owner: 'olga', taskId: 't' });
    await until(() => entries.length === 1);
    expect(entries).toEqual([{ kind: 'admin', action: 'cancel-task', outcome: 'ok', owner: 'olga', taskId: 't' }]);
  });

  it('has reads and what a guard of the application refuses', async () => {
    @Injectable()
    class NoOne implements CanActivate {
      canActivate(context: ExecutionContext): boolean {
        return context.switchToHttp().getRequest<{ headers: object }>().headers['x-test' as never] !== 'refuse';
      }
    }
    const reading = await TestApp.start({
      adapter,
      audit: { ...audit, reads: true },
      agents: [TestAgent, { provide: APP_GUARD, useClass: NoOne }],
      imports: [auth],
    });
    const headers = { ...V10, ...ALICE };
    await new RpcClient(`${reading.origin}/`, headers).call('ListTasks', {});
    await fetch(`${reading.origin}/tasks/none/events`, { headers: ALICE });
    const refused = await fetch(`${reading.origin}/tasks`, { headers: { ...headers, 'x-test': 'refuse' } });
    expect(refused.status).toBe(403);
    await refused.text();
    await until(() => entries.length === 3);
    expect(entries).toMatchObject([
      { ...WHO, action: 'ListTasks', outcome: 'ok', binding: 'jsonrpc' },
      { ...WHO, action: 'SubscribeToTask', outcome: 'not-found', binding: 'eventsource', taskId: 'none' },
      { ...FROM, action: 'unknown', outcome: 'forbidden', binding: 'http' },
    ]);
    await reading.close();
  });
});

describe('a call that cannot be recorded', () => {
  it('is refused and does nothing, if the trail is told so', async () => {
    const broken: AuditOptions = {
      sink: { write: () => Promise.reject(new Error('The disk is full')) },
      onOverflow: 'refuse',
      maxRecords: 1,
    };
    const app = await start({ audit: broken });
    const client = app.rpc(undefined, { ...V10, ...ALICE });
    expect((await client.call('SendMessage', { message: textMessage('hi') })).error).toBeUndefined();
    const { error } = await client.call('SendMessage', { message: textMessage('hi') });
    expect(error?.message).toMatch(/cannot record/);
    expect(await client.result('ListTasks', {})).toBeDefined();
    await app.close();
  });
});

describe("the sink 'database'", () => {
  it.each(STORAGES)('is the table of a SQL storage, written before the shutdown ends: %s', async (storage) => {
    const starting = start({ storage, audit: { sink: 'database', hashChain: true, flushMs: 60_000 } });
    if (storage === 'memory') return expect(starting).rejects.toThrow(/no table/);
    const app = await starting;
    await app.rpc(undefined, { ...V10, ...ALICE }).call('SendMessage', { message: textMessage('hi') });
    await app.app.get(AuditTrail).end();
    const dataSource = app.app.get<DataSource>(`${A2A_CONNECTION}DataSource`, { strict: false });
    const rows = await dataSource.query<{ record: string }[]>('select record from a2a_audit');
    expect(rows).toEqual([{ record: expect.stringContaining('"action":"SendMessage"') }]);
    await app.close();
  });
});
