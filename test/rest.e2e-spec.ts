import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Body, Controller, Get, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { LegacyRestTransport } from '@a2a-js/sdk/compat/v0_3/client';
import { RestTransportFactory } from '@a2a-js/sdk/client';
import { randomUUID } from 'node:crypto';
import { A2aModule } from '../src/a2a.module.js';
import { LabAgent } from '../examples/lab/lab.agent.js';
import type { AgentCard, ListTasksResponse, StreamResponse, Task } from '../src/protocol/model/index.js';
import type { ItemStream } from '../src/request-handler/request-handler.interface.js';
import { v03ProtoCodec } from '../src/protocol/v0-3-proto/index.js';
import { agentOf } from './support/agent-of.js';
import { RpcClient, textMessage, V10, v03Message } from './support/rpc.client.js';
import { SseStream } from './support/sse.client.js';
import { http } from './support/rest.client.js';
import { ADAPTERS, STORAGES, TestApp } from './support/test-app.js';
import { newAdapter, startTransportApp } from './support/transport-app.js';
import { TaskDocument } from '../src/tasks/task-document.js';

const SETUPS = ADAPTERS.flatMap((adapter) => STORAGES.map((storage) => ({ adapter, storage })));
const V03 = {};

const protoMessage = (text: string, fields: object = {}) => {
  const { parts, ...rest } = textMessage(text);
  return { ...rest, content: parts, ...fields };
};

describe.each(SETUPS)('HTTP+JSON on $adapter with $storage', ({ adapter, storage }) => {
  let app: TestApp;
  let lab: string;
  let rpc: RpcClient;

  beforeAll(async () => {
    app = await TestApp.start({ adapter, storage, agents: [LabAgent], execution: { cancelTimeoutMs: 500 } });
    lab = `${app.origin}/agents/lab`;
    rpc = new RpcClient(lab);
  });
  afterAll(() => app.close());

  const send = async (text: string, configuration?: object): Promise<Task> => {
    const body = { message: textMessage(text), configuration };
    return (await http<{ task: Task }>(`${lab}/message:send`, { method: 'POST', body })).body.task;
  };

  describe('J6: answers what JSON-RPC answers', () => {
    it('to GetTask, with any history', async () => {
      const { id } = await send('echo hello');
      for (const historyLength of [undefined, 0, 1]) {
        const query = historyLength === undefined ? '' : `?historyLength=${historyLength}`;
        const { body } = await http<Task>(`${lab}/tasks/${id}${query}`);
        expect(body).toEqual(await rpc.result('GetTask', { id, historyLength }));
        expect('history' in body).toBe(historyLength !== 0);
      }
    });

    it('to ListTasks, page by page', async () => {
      const contextId = randomUUID();
      for (const text of ['echo 1', 'echo 2', 'echo 3']) {
        const body = { message: textMessage(text, { contextId }) };
        await http(`${lab}/message:send`, { method: 'POST', body });
      }
      const params = { contextId, pageSize: 2, includeArtifacts: true, status: 'TASK_STATE_COMPLETED' };
      const query = new URLSearchParams({ ...params, pageSize: '2', includeArtifacts: 'true' });
      const first = (await http<ListTasksResponse>(`${lab}/tasks?${query}`)).body;
      expect(first).toEqual(await rpc.result('ListTasks', params));
      expect([first.tasks.length, first.totalSize]).toEqual([2, 3]);
      query.set('pageToken', first.nextPageToken);
      const second = (await http<ListTasksResponse>(`${lab}/tasks?${query}`)).body;
      expect(second).toEqual(await rpc.result('ListTasks', { ...params, pageToken: first.nextPageToken }));
      expect([second.tasks.length, second.nextPageToken]).toEqual([1, '']);
    });

    it('to CancelTask', async () => {
      const { id } = await send('sleep 60000', { returnImmediately: true });
      const { status, body } = await http<Task>(`${lab}/tasks/${id}:cancel`, { method: 'POST' });
      expect([status, body.status.state]).toEqual([200, 'TASK_STATE_CANCELED']);
      expect(await rpc.result('GetTask', { id })).toEqual(body);
      const again = await http<{ error: { code: number; details: { reason?: string }[] } }>(
        `${lab}/tasks/${id}:cancel`,
        {
          method: 'POST',
        },
      );
      expect(again).toMatchObject({ status: 400, body: { error: { details: [{ reason: 'TASK_NOT_CANCELABLE' }] } } });
    });

    it('with the same events, whichever binding streams them', async () => {
      const { id } = await send('stream 40 32 75', { returnImmediately: true });
      const [overRest, overRpc, older] = await Promise.all([
        SseStream.open('GET', `${lab}/tasks/${id}:subscribe`, undefined, V10).then((stream) => stream.all()),
        rpc.stream('SubscribeToTask', { id }).then((stream) => stream.all()),
        SseStream.post(`${lab}/v1/tasks/${id}:subscribe`, undefined, { ...V03, 'last-event-id': '' }).then((stream) =>
          stream.all(),
        ),
      ]);
      const rest = overRest.map((event) => ({ id: event.id, response: JSON.parse(event.data) as StreamResponse }));
      const other = overRpc.map((event) => ({
        id: event.id,
        response: (JSON.parse(event.data) as { result: StreamResponse }).result,
      }));
      // Each begins with the task as of some moment; from the later of both on they are the same.
      const tail = rest.slice(1).filter(({ id: seq }) => Number(seq) > Number(other[0]!.id));
      expect(tail).toEqual(other.slice(1).filter(({ id: seq }) => Number(seq) > Number(rest[0]!.id)));
      expect(tail.at(-1)?.response).toMatchObject({ statusUpdate: { status: { state: 'TASK_STATE_COMPLETED' } } });
      const last = older.length - 1;
      for (const [index, event] of older.slice(1).entries()) {
        const same = rest.slice(1).find(({ id: seq }) => seq === event.id);
        if (same === undefined) continue;
        const encoded = v03ProtoCodec.encode.StreamResponse(same.response, index + 1 === last);
        expect(JSON.parse(event.data)).toEqual(JSON.parse(JSON.stringify(encoded)));
      }
      expect(JSON.parse(older[last]!.data)).toMatchObject({ statusUpdate: { final: true } });
    });
  });

  it('X25: shows a task in either version, whichever made it', async () => {
    const made = await http<{ task: Task }>(`${lab}/v1/message:send`, {
      method: 'POST',
      body: { message: protoMessage('echo older'), configuration: { blocking: true } },
      headers: V03,
    });
    expect(made.status).toBe(200);
    const { id } = made.body.task;
    const newer = (await http<Task>(`${lab}/tasks/${id}`)).body;
    const older = (await http<Task>(`${lab}/v1/tasks/${id}`, { headers: V03 })).body;
    expect(older).toEqual(made.body.task);
    expect(older).toEqual(v03ProtoCodec.encode.Task(newer));
    const rpcOlder = await new RpcClient(lab, V03).result<Task>('tasks/get', { id });
    expect(rpcOlder).toMatchObject({ kind: 'task', status: { state: 'completed' } });
  });

  it('takes the requests of v0.3 in the form of JSON-RPC too', async () => {
    const body = { message: v03Message('echo hi'), configuration: { blocking: true } };
    const answer = await http<{ task: Task }>(`${lab}/v1/message:send`, { method: 'POST', body, headers: V03 });
    expect(answer.body.task.artifacts).toEqual([{ artifactId: 'echo', parts: [{ text: 'hi' }] }]);
  });

  it('resumes a stream after the last event that was seen', async () => {
    const { id } = await send('stream 20 16');
    const all = await SseStream.open('GET', `${lab}/tasks/${id}:subscribe`, undefined, {
      ...V10,
      'last-event-id': '1',
    });
    const seqs = (await all.all()).map((event) => Number(event.id));
    expect(seqs).toEqual(Array.from({ length: seqs.length }, (_, index) => index + 2));
    const half = await SseStream.open('GET', `${lab}/v1/tasks/${id}:subscribe`, undefined, {
      'last-event-id': String(seqs.at(-4)),
    });
    expect((await half.all()).map((event) => Number(event.id))).toEqual(seqs.slice(-3));
  });

  it('keeps tenants apart', async () => {
    const body = { message: textMessage('echo mine') };
    const { task } = (await http<{ task: Task }>(`${lab}/acme/message:send`, { method: 'POST', body })).body;
    expect((await http(`${lab}/acme/tasks/${task.id}`)).status).toBe(200);
    expect((await http(`${lab}/globex/tasks/${task.id}`)).status).toBe(404);
    expect((await http(`${lab}/tasks/${task.id}`)).status).toBe(404);
    expect((await http(`${lab}/tasks/${task.id}?tenant=acme`)).status).toBe(200);
    const page = await rpc.result<ListTasksResponse>('ListTasks', { tenant: 'acme' });
    expect(page.tasks.map(({ id }) => id)).toContain(task.id);
  });

  it('has addresses in the card that the official clients append their paths to', async () => {
    const card = (await http<AgentCard>(`${lab}/.well-known/agent-card.json`)).body;
    const urls = card.supportedInterfaces.filter(({ protocolBinding }) => protocolBinding === 'HTTP+JSON');
    expect(urls.map(({ protocolVersion }) => protocolVersion)).toEqual(['1.0', '0.3']);
    const { id } = await send('echo found');
    const newer = await new RestTransportFactory().create(urls[0]!.url, { supportedInterfaces: [] } as never);
    expect(await newer.getTask({ id, tenant: '' }, { serviceParameters: V10 })).toMatchObject({ id });
    const older = new LegacyRestTransport({ endpoint: urls[1]!.url });
    expect(await older.getTask({ id, tenant: '' })).toMatchObject({ id });
  });

  it('J9: names the wrong field in the words of the client', async () => {
    const parts = [{ raw: '!' }];
    const newer = { message: { ...textMessage('x'), parts } };
    const older = { message: { ...protoMessage('x'), content: [{ file: { file_with_bytes: '!' } }] } };
    expect(await http(`${lab}/message:send`, { method: 'POST', body: newer })).toMatchObject({
      status: 400,
      body: { error: { details: [{}, { fieldViolations: [{ field: 'message.parts[0].raw' }] }] } },
    });
    expect(await http(`${lab}/v1/message:send`, { method: 'POST', body: older, headers: V03 })).toMatchObject({
      status: 400,
      body: { data: { violations: [{ field: 'message.content[0].file.file_with_bytes' }] } },
    });
  });
});

describe.each(ADAPTERS)('an error in the middle of a stream, on %s', (adapter) => {
  it('reaches the official clients of both versions as an error', async () => {
    const snapshot = { type: 'snapshot', seq: 1, final: false, document: TaskDocument.of(TASK) } as const;
    const failing = async function* (): ItemStream {
      yield await Promise.resolve([snapshot]);
      throw new Error('the secret of the store');
    };
    const { app, url } = await startTransportApp(adapter, {
      handler: { subscribeToTask: () => Promise.resolve(failing()) },
    });
    try {
      const newer = await new RestTransportFactory().create(url, { supportedInterfaces: [] } as never);
      for (const stream of [
        newer.resubscribeTask({ id: 'x', tenant: '' }, { serviceParameters: V10 }),
        new LegacyRestTransport({ endpoint: url }).resubscribeTask({ id: 'x', tenant: '' }),
      ]) {
        expect((await stream.next()).done).toBe(false);
        await expect(stream.next()).rejects.toThrow('Internal error');
      }
    } finally {
      await app.close();
    }
  });
});

const TASK: Task = { id: 'x', contextId: 'c', status: { state: 'TASK_STATE_WORKING' } };

/** Routes at addresses that HTTP+JSON would have. */
@Controller()
class OwnController {
  @Get('tasks')
  tasks(): string[] {
    return ['mine'];
  }

  @Post('acme/tasks')
  add(@Body() task: object): object {
    return { added: task };
  }
}

@Controller()
class TenantController {
  @Post('acme/tasks')
  add(@Body() task: object): object {
    return { added: task };
  }
}

describe.each(ADAPTERS)('bindings that are switched off, on %s', (adapter) => {
  const agents = [agentOf(async (_context, updater) => void (await updater.addArtifact('hi')))];

  it('leave their addresses to the application, and the card', async () => {
    const app = await TestApp.start({ adapter, agents, bindings: { rest: false }, controllers: [OwnController] });
    try {
      expect((await http(`${app.origin}/tasks`)).body).toEqual(['mine']);
      const added = await http(`${app.origin}/acme/tasks`, { method: 'POST', body: { a: 1 } });
      expect(added.body).toEqual({ added: { a: 1 } });
      expect((await http(`${app.origin}/message:send`, { method: 'POST', body: {} })).status).toBe(404);
      const { supportedInterfaces } = (await http<AgentCard>(`${app.origin}/.well-known/agent-card.json`)).body;
      expect(supportedInterfaces.map(({ protocolBinding }) => protocolBinding)).toEqual(['JSONRPC', 'JSONRPC']);
      expect(await app.rpc().call('SendMessage', { message: textMessage('x') })).toHaveProperty('result');
    } finally {
      await app.close();
    }
  });

  it('may be JSON-RPC', async () => {
    const app = await TestApp.start({ adapter, agents, bindings: { jsonRpc: false } });
    try {
      const { supportedInterfaces } = (await http<AgentCard>(`${app.origin}/.well-known/agent-card.json`)).body;
      expect(supportedInterfaces.map(({ protocolBinding }) => protocolBinding)).toEqual(['HTTP+JSON', 'HTTP+JSON']);
      expect((await http(app.origin, { method: 'POST', body: {} })).status).toBe(404);
      const body = { message: textMessage('x') };
      expect((await http(`${app.origin}/message:send`, { method: 'POST', body })).status).toBe(200);
    } finally {
      await app.close();
    }
  });

  it('may be the addresses with a tenant alone', async () => {
    const bindings = { tenantPaths: false };
    const app = await TestApp.start({ adapter, agents, bindings, controllers: [TenantController] });
    try {
      const added = await http(`${app.origin}/acme/tasks`, { method: 'POST', body: { a: 1 } });
      expect(added.body).toEqual({ added: { a: 1 } });
      expect((await http(`${app.origin}/tasks`)).body).toMatchObject({ tasks: [] });
      expect((await http(`${app.origin}/tasks?tenant=acme`)).body).toMatchObject({ tasks: [] });
    } finally {
      await app.close();
    }
  });

  it('let an application start that allows no route to stand before another', async () => {
    @Module({ imports: [A2aModule.forRoot({ path: '', bindings: { tenantPaths: false } })], providers: agents })
    class StrictModule {}
    const app = await NestFactory.create(StrictModule, newAdapter(adapter), {
      logger: false,
      abortOnError: false,
      routeConflictPolicy: { duplicate: 'error', shadow: 'error' },
    });
    await app.init();
    await app.close();
  });
});
