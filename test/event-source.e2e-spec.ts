import { afterEach, describe, expect, it } from '@jest/globals';
import {
  Controller,
  type DynamicModule,
  Get,
  type INestApplication,
  Module,
  type NestInterceptor,
  type Provider,
} from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import type { Server, Socket } from 'node:net';
import { setImmediate as nextLoop } from 'node:timers/promises';
import { of } from 'rxjs';
import { LabAgent } from '../examples/lab/lab.agent.js';
import { labChunk } from '../examples/lab/lab-chunk.js';
import { ClientLimits } from '../src/common/client-limits.js';
import type { StreamResponse, Task } from '../src/protocol/model/index.js';
import { agentOf, Gate } from './support/agent-of.js';
import { callersBy } from './support/callers-by.js';
import { type SseEvent, SseStream } from './support/sse.client.js';
import { V10, textMessage } from './support/rpc.client.js';
import { ADAPTERS, TestApp, type TestAppOptions } from './support/test-app.js';
import { until } from '../src/testing/contracts/until.js';

/** What an EventSource sends. */
const BROWSER = { accept: 'text/event-stream', 'cache-control': 'no-cache' };

/** The application's own. */
@Controller()
class HealthController {
  @Get('health/tasks/:id/events')
  health(): string {
    return 'healthy';
  }
}

@Module({})
class GlobalModule {}
const globally = (provider: Provider): DynamicModule => ({ module: GlobalModule, providers: [provider] });

const idsOf = (events: readonly SseEvent[]): (string | undefined)[] => events.map(({ id }) => id);
const dataOf = (event: SseEvent | undefined): unknown => JSON.parse(event?.data ?? 'null');
const socketsOf = (app: INestApplication): Socket[] => {
  const sockets: Socket[] = [];
  (app.getHttpServer() as Server).on('connection', (socket) => sockets.push(socket));
  return sockets;
};

describe.each(ADAPTERS)('GET /tasks/{id}/events on %s', (adapter) => {
  let app: TestApp;
  let gate: Gate;
  afterEach(() => app.close());

  const serve = async (options: Partial<TestAppOptions> = {}): Promise<void> => {
    gate = new Gate();
    const counting = agentOf(async ({ userText }, updater) => {
      await updater.startWork();
      if (userText === 'wait') await gate.opened;
      await updater.addArtifact('done');
      await updater.complete();
    });
    app = await TestApp.start({ adapter, agents: [counting, LabAgent], ...options });
  };
  const send = async (text: string, agent?: string, headers?: Record<string, string>): Promise<string> => {
    const configuration = { returnImmediately: text === 'wait' };
    const request = { message: textMessage(text), configuration };
    const { task } = await app
      .rpc(agent, headers && { ...V10, ...headers })
      .result<{ task: Task }>('SendMessage', request);
    return task.id;
  };
  const open = (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<SseStream> =>
    SseStream.open(method, app.origin + path, undefined, { ...BROWSER, ...headers });
  const refusal = async (stream: SseStream): Promise<{ status: number; type?: string; body: unknown }> => {
    const chunks = await stream.response.setEncoding('utf8').toArray();
    const text = chunks.join('');
    return {
      status: stream.status,
      type: stream.response.headers['content-type'],
      body: text === '' ? undefined : JSON.parse(text),
    };
  };

  it('sends the task, then its events with their names and numbers, and 204 when nothing follows', async () => {
    await serve();
    const id = await send('wait');
    const stream = await open(`/tasks/${id}/events`);
    expect(stream.status).toBe(200);
    expect(stream.response.headers['content-type']).toBe('text/event-stream');
    const events: SseEvent[] = [];
    for await (const event of stream) {
      events.push(event);
      gate.open();
    }
    expect(events.map(({ event }) => event).slice(-3)).toEqual(['task', 'artifactUpdate', 'statusUpdate'].slice(-3));
    expect(dataOf(events[0])).toMatchObject({ task: { id } });
    expect(dataOf(events.at(-1))).toMatchObject({ statusUpdate: { status: { state: 'TASK_STATE_COMPLETED' } } });
    const numbers = idsOf(events).map(Number);
    expect(numbers).toEqual(numbers.map((_, index) => numbers[0]! + index));
    const last = events.at(-1)!.id!;
    const again = await open(`/tasks/${id}/events`, { 'last-event-id': String(Number(last) - 1) });
    expect(idsOf(await again.all())).toEqual([last]);
    expect((await open(`/tasks/${id}/events`, { 'last-event-id': last })).status).toBe(204);
    expect((await open(`/tasks/${id}/events?after=${last}`)).status).toBe(204);
    const ended = await (await open(`/tasks/${id}/events`)).all();
    expect(ended).toMatchObject([{ id: last, event: 'task' }]);
    expect(idsOf(await (await open(`/tasks/${id}/events?after=0`)).all())).toEqual(['1', '2', '3', '4']);
    const header = { 'last-event-id': '3' };
    expect(idsOf(await (await open(`/tasks/${id}/events?after=0`, header)).all())).toEqual(['4']);
  });

  it('answers the same behind an interceptor of the application', async () => {
    const seen: string[] = [];
    const interceptor: NestInterceptor = {
      intercept: (context, next) => {
        const { url } = context.switchToHttp().getRequest<{ url: string }>();
        seen.push(url);
        return url.includes('replaced') ? of({ data: 'the application' }) : next.handle();
      },
    };
    // A storage that answers later than at once.
    await serve({ storage: 'postgres', imports: [globally({ provide: APP_INTERCEPTOR, useValue: interceptor })] });
    const id = await send('go');
    const events = await (await open(`/tasks/${id}/events?after=0`)).all();
    expect(idsOf(events)).toEqual(['1', '2', '3', '4']);
    expect((await open(`/tasks/${id}/events`, { 'last-event-id': '4' })).status).toBe(204);
    expect(await refusal(await open(`/agents/lab/tasks/${id}/events`))).toMatchObject({
      status: 404,
      body: { error: { details: [{ reason: 'TASK_NOT_FOUND' }] } },
    });
    expect(seen).toContain(`/tasks/${id}/events?after=0`);

    const waiting = await send('wait');
    const replaced = await (await open(`/tasks/${waiting}/events?replaced`)).all();
    expect(replaced.map(({ data }) => data)).toEqual(['the application']);
    const { calls } = app.app.get(ClientLimits, { strict: false });
    await until(() => calls.underWay('address 127.0.0.1') === 0);
    gate.open();
  });

  it('speaks v0.3 if the query or the header says so', async () => {
    await serve();
    const id = await send('go', 'test');
    const stream = await open(`/agents/test/tasks/${id}/events?after=0&A2A-Version=0.3`);
    const events = await stream.all();
    expect(events.map(({ event }) => event)).toEqual(['task', 'status-update', 'artifact-update', 'status-update']);
    expect(events.map((event) => (dataOf(event) as { kind: string }).kind)).toEqual(events.map(({ event }) => event));
    expect(dataOf(events[3])).toMatchObject({ final: true, status: { state: 'completed' } });
    const byHeader = await open(`/tasks/${id}/events?after=3`, { 'a2a-version': '0.3' });
    expect(await byHeader.all()).toEqual(events.slice(3));
  });

  it('refuses as HTTP+JSON does', async () => {
    await serve();
    const id = await send('go');
    const refused = async (...given: Parameters<typeof open>) => refusal(await open(...given));
    expect(await refused('/tasks/nothing/events')).toMatchObject({
      status: 404,
      body: { error: { details: [{ reason: 'TASK_NOT_FOUND' }] } },
    });
    expect(await refused(`/agents/lab/tasks/${id}/events`)).toMatchObject({ status: 404 });
    expect(await refused('/agents/nobody/tasks/x/events')).toMatchObject({ status: 404 });
    expect(await refused(`/tasks/${id}/events?A2A-Version=7.0`)).toMatchObject({
      status: 400,
      body: { error: { details: [{ reason: 'VERSION_NOT_SUPPORTED' }] } },
    });
    expect(await refused(`/tasks/x%00/events`)).toMatchObject({ status: 400 });
    for (const method of ['HEAD', 'POST', 'DELETE']) {
      const stream = await open(`/tasks/${id}/events`, {}, method);
      expect([stream.status, stream.response.headers.allow]).toEqual([405, 'GET']);
      stream.close();
    }
  });

  it('belongs to the caller and the tenant', async () => {
    await serve({ agents: [LabAgent, callersBy('x-user')] });
    const id = await send('echo hi', 'lab', { 'x-user': 'alice' });
    const path = `/agents/lab/tasks/${id}/events?after=0`;
    expect((await open(path, { 'x-user': 'alice' })).status).toBe(200);
    expect((await open(path, { 'x-user': 'bob' })).status).toBe(404);
    expect((await open(path)).status).toBe(404);
    const request = { tenant: 'acme', message: textMessage('echo hi') };
    const { task } = await app.rpc('lab').result<{ task: Task }>('SendMessage', request);
    const tenants = `/agents/lab/acme/tasks/${task.id}/events?after=0`;
    expect(idsOf(await (await open(tenants)).all())[0]).toBe('1');
    expect((await open(`/agents/lab/tasks/${task.id}/events?tenant=acme`)).status).toBe(200);
    expect((await open(`/agents/lab/tasks/${task.id}/events`)).status).toBe(404);
    expect((await open(`/agents/lab/globex/tasks/${task.id}/events`)).status).toBe(404);
    expect((await open(`/agents/lab/globex/tasks/${task.id}/events`, {}, 'POST')).status).toBe(405);
  });

  it('leaves paths with reserved words to the application', async () => {
    await serve({ controllers: [HealthController] });
    const response = await fetch(`${app.origin}/health/tasks/x/events`);
    expect([response.status, await response.text()]).toEqual([200, 'healthy']);
    expect((await fetch(`${app.origin}/metrics/tasks/x/events`)).status).toBe(404);
    expect((await fetch(`${app.origin}/metrics/tasks/x/events`, { method: 'POST' })).status).toBe(404);
  });

  it('counts among the calls of its caller, and ends at the greatest age of streams and at a shutdown', async () => {
    await serve({ limits: { maxCallsPerCaller: 1, maxStreamAgeMs: 3_000 }, execution: { drainMs: 0 } });
    const id = await send('wait');
    const first = await open(`/tasks/${id}/events`);
    const second = await refusal(await open(`/tasks/${id}/events`));
    expect(second).toMatchObject({ status: 429, body: { error: { status: 'RESOURCE_EXHAUSTED' } } });
    expect((await first.all()).length).toBeGreaterThan(0);
    const last = await open(`/tasks/${id}/events`);
    await app.close();
    expect((await last.all()).length).toBeGreaterThan(0);
    gate.open();
  });

  it('keeps a silent stream alive with comments', async () => {
    await serve({ http: { keepAliveMs: 50 } });
    const id = await send('wait');
    const stream = await open(`/tasks/${id}/events`);
    let text = '';
    for await (const chunk of stream.response.setEncoding('utf8') as AsyncIterable<string>) {
      text += chunk;
      if (text.split(': keep-alive\n\n').length > 3) gate.open();
    }
    expect(text).toMatch(/\n\n(: keep-alive\n\n){3,}event: artifactUpdate\nid: 3\n/);
  });

  it('holds little for a client that does not read, and sends everything when it reads', async () => {
    await serve();
    const sockets = socketsOf(app.app);
    const taskId = await send('stream 200 100000', 'lab');
    sockets.length = 0;
    const slow = await open(`/agents/lab/tasks/${taskId}/events?after=0`);
    const [socket] = sockets;
    while (!socket!.writableNeedDrain) await nextLoop();
    const before = process.memoryUsage();
    for (let turn = 0; turn < 200; turn++) await nextLoop();
    expect(socket!.writableLength).toBeLessThan(2 * 1024 * 1024);
    expect(socket!.bytesWritten).toBeLessThan(15_000_000);
    const grown = process.memoryUsage();
    expect(grown.heapUsed + grown.external - before.heapUsed - before.external).toBeLessThan(16 * 1024 * 1024);
    const events = await slow.all();
    expect(idsOf(events)).toEqual(Array.from({ length: 203 }, (_, index) => String(index + 1)));
    const texts = events.flatMap((event) => {
      const data = dataOf(event) as StreamResponse;
      return 'artifactUpdate' in data ? data.artifactUpdate.artifact.parts : [];
    });
    expect(texts.every((part, index) => 'text' in part && part.text === labChunk(index, 100_000))).toBe(true);
  });
});
