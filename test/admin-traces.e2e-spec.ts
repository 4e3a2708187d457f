import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { trace } from '@opentelemetry/api';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import type { AdminEventJson, AdminFrames, AdminList, AdminTask, AdminTaskRow } from '../src/admin/admin-api.types.js';
import { A2aAdminModule } from '../src/admin/index.js';
import { A2aConsoleModule } from '../src/console/index.js';
import { A2aTracingModule } from '../src/tracing/index.js';
import { agentOf } from './support/agent-of.js';
import { hasBrowser, launchBrowser } from './support/browser.js';
import { ConsolePage } from './support/console.page.js';
import { GrpcClient, SERVICES, grpcAddress } from './support/grpc.client.js';
import { send as grpcSend, v03Send } from './support/grpc-messages.js';
import { textMessage, v03Message } from './support/rpc.client.js';
import { ADAPTERS, STORAGES, TestApp } from './support/test-app.js';

const SETUPS = STORAGES.map((storage, i) => ({ storage, adapter: ADAPTERS[i % ADAPTERS.length]! }));
const LIMIT_MS = 60_000;

const newTrace = (): string => randomBytes(16).toString('hex');
const headersOf = (traceId: string, flags = '01'): Record<string, string> => ({
  traceparent: `00-${traceId}-00f067aa0ba902b7-${flags}`,
});

const askingAgent = agentOf(
  async ({ userText }, updater) => {
    if (userText === 'ask') await updater.requiresInput('what?');
    else await updater.complete('done');
  },
  { id: 'asking', default: true },
);

const ways = ['jsonrpc', 'rest', 'grpc'].flatMap((binding) => ['1.0', '0.3'].map((version) => ({ binding, version })));

describe.each(SETUPS)('the traces that operators see, on $adapter with $storage', ({ storage, adapter }) => {
  let app: TestApp;
  let grpc: GrpcClient;
  let tracingUi: Server;
  let asked: { url: string; referer: string | undefined }[];
  const provider = new NodeTracerProvider();

  beforeAll(async () => {
    provider.register();
    asked = [];
    tracingUi = createServer(({ url = '', headers }, response) => {
      asked.push({ url, referer: headers.referer });
      response.writeHead(200, { 'content-type': 'text/html' }).end('<title>A trace</title>');
    });
    await once(tracingUi.listen(0, '127.0.0.1'), 'listening');
    const traceUrl = `http://127.0.0.1:${(tracingUi.address() as AddressInfo).port}/trace?id={traceId}`;
    app = await TestApp.start({
      storage,
      adapter,
      agents: [askingAgent],
      imports: [A2aTracingModule, A2aConsoleModule.forRoot({ traceUrl })],
      grpc: { port: 0, authenticate: 'anonymous' },
    });
    grpc = new GrpcClient(await grpcAddress(app));
  }, LIMIT_MS);
  afterAll(async () => {
    grpc?.close();
    await app?.close();
    tracingUi?.close();
    await provider.shutdown();
    trace.disable();
  }, LIMIT_MS);

  const read = async <T>(path: string): Promise<T> =>
    (await (await fetch(`${app.origin}/console/api/${path}`)).json()) as T;

  const post = async (path: string, version: string, body: object, headers: Record<string, string>): Promise<void> => {
    const all = { 'content-type': 'application/json', 'A2A-Version': version, ...headers };
    const response = await fetch(app.origin + path, { method: 'POST', headers: all, body: JSON.stringify(body) });
    expect([response.status, await response.json()]).toEqual([200, expect.not.objectContaining({ error: {} })]);
  };

  const ask = async (text: string, headers: Record<string, string>, fields = {}): Promise<string> => {
    const message = textMessage(text, fields);
    const sent = await app
      .rpc(undefined, { 'A2A-Version': '1.0', ...headers })
      .result<{ task: { id: string } }>('SendMessage', { message });
    return sent.task.id;
  };

  it.each(ways)('are those of the callers, over $binding in v$version', async ({ binding, version }) => {
    const [traceId, contextId] = [newTrace(), randomUUID()];
    const headers = headersOf(traceId);
    const isLegacy = version === '0.3';
    if (binding === 'jsonrpc') {
      const message = isLegacy ? v03Message('go', { contextId }) : textMessage('go', { contextId });
      const method = isLegacy ? 'message/send' : 'SendMessage';
      await post('/', version, { jsonrpc: '2.0', id: 1, method, params: { message } }, headers);
    } else if (binding === 'rest') {
      const legacy = { messageId: randomUUID(), contextId, role: 'ROLE_USER', content: [{ text: 'go' }] };
      const message = isLegacy ? legacy : textMessage('go', { contextId });
      await post(isLegacy ? '/v1/message:send' : '/message:send', version, { message }, headers);
    } else {
      const legacy = v03Send('go') as { request: object };
      const request = isLegacy ? { ...legacy, request: { ...legacy.request, contextId } } : grpcSend({ contextId });
      const metadata = { 'a2a-version': version, ...headers };
      const answer = await grpc.unary(SERVICES[isLegacy ? '0.3' : '1.0'].sendMessage, request, metadata);
      expect(answer.error).toBeUndefined();
    }
    const { rows } = await read<AdminList<AdminTaskRow>>(`tasks?contextId=${contextId}`);
    expect(rows).toHaveLength(1);
    const path = `tasks/${rows[0]?.id}`;
    const one = { traceId, sampled: true };
    expect((await read<AdminTask>(path)).traces).toEqual([{ turn: 1, seq: 1, ...one }]);
    const events = await read<AdminList<AdminEventJson>>(`${path}/events`);
    expect(events.rows.map((event) => event.trace)).toEqual(
      events.rows.map(({ seq }) => (seq === 1 ? one : undefined)),
    );
  });

  it('are of the first and of the present turn, and each event that begins a turn has its own', async () => {
    const [first, second, third] = [newTrace(), newTrace(), newTrace()];
    const taskId = await ask('ask', headersOf(first));
    await ask('ask', headersOf(second), { taskId });
    await ask('go', headersOf(third, '00'), { taskId });
    const { traces } = await read<AdminTask>(`tasks/${taskId}`);
    const seq = traces?.[1]?.seq ?? 0;
    expect(traces).toEqual([
      { turn: 1, seq: 1, traceId: first, sampled: true },
      { turn: 3, seq: expect.any(Number), traceId: third, sampled: false },
    ]);
    const { rows } = await read<AdminList<AdminEventJson>>(`tasks/${taskId}/events`);
    expect(rows.flatMap(({ trace: one }) => one?.traceId ?? [])).toEqual([first, second, third]);
    expect((await read<AdminFrames>(`tasks/${taskId}/events/${seq}`)).trace).toEqual({
      traceId: third,
      sampled: false,
    });
  });

  it('are unknown to the clients of the task', async () => {
    const traceId = newTrace();
    const id = await ask('ask', headersOf(traceId));
    expect(JSON.stringify(await app.rpc().result('GetTask', { id }))).not.toContain(traceId);
    expect(JSON.stringify(await read(`tasks/${id}/document`))).not.toContain(traceId);
  });

  // The pages do not depend on the storage.
  (storage === 'memory' && hasBrowser('The traces of the console') ? describe : describe.skip)('in the console', () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await launchBrowser();
    }, LIMIT_MS);
    afterAll(() => browser?.close(), LIMIT_MS);

    it(
      'are links to the tracing UI, which learns nothing of the console; those that nobody recorded are no links',
      async () => {
        const [first, second] = [newTrace(), newTrace()];
        const taskId = await ask('ask', headersOf(first));
        await ask('go', headersOf(second, '00'), { taskId });
        const console = await ConsolePage.open(browser, `${app.origin}/console/`);
        await console.go(`tasks/${taskId}?event=1`);
        const facts = console.page.getByRole('region', { name: 'Facts' });
        const link = facts.locator(`a[title="${first}"]`);
        expect(await link.getAttribute('href')).toMatch(new RegExp(`/trace\\?id=${first}$`));
        await facts.getByText('Trace of turn 2').waitFor();
        await facts.getByText('not sampled').waitFor();
        expect(await facts.locator(`a[title="${second}"]`).count()).toBe(0);
        await console.page.locator('.detail').locator(`a[title="${first}"]`).waitFor();
        const opened = console.page.waitForEvent('popup');
        await link.click();
        const other = await opened;
        await other.waitForLoadState();
        expect(await other.evaluate('opener')).toBeNull();
        expect(asked).toContainEqual({ url: `/trace?id=${first}`, referer: undefined });
        expect(await console.barriers()).toEqual([]);
        expect(console.problems).toEqual([]);
      },
      LIMIT_MS,
    );
  });
});

it.each([
  ['A2aAdminModule', (traceUrl: string) => A2aAdminModule.forRoot({ authorize: 'loopback', traceUrl })],
  ['A2aConsoleModule', (traceUrl: string) => A2aConsoleModule.forRoot({ traceUrl })],
])('%s refuses a traceUrl that leads to no trace, by its name', (name, forRoot) => {
  for (const wrong of [
    'https://traces.example.com/',
    'traces/{traceId}',
    'ftp://h/{traceId}',
    'https://u:p@h/{traceId}',
  ])
    expect(() => forRoot(wrong)).toThrow(`${name}: traceUrl is`);
  expect(() => forRoot('https://traces.example.com/#/explore?trace={traceId}')).not.toThrow();
});
