import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GetTaskRequest, SendMessageRequest } from '@a2a-js/sdk';
import { trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { A2aTracingModule } from '../src/tracing/a2a-tracing.module.js';
import { A2aTasks } from '../src/transports/in-process/a2a-tasks.js';
import { agentOf } from './support/agent-of.js';
import { GrpcClient, SERVICES, grpcAddress } from './support/grpc.client.js';
import { type CollectedSpan, OtlpCollector } from './support/otlp.collector.js';
import { textMessage, v03Message } from './support/rpc.client.js';
import { ADAPTERS, STORAGES, TestApp } from './support/test-app.js';
import { createTestDatabase } from './support/test-database.js';
import { WebhookReceiver } from './support/webhook.receiver.js';

const SETUPS = STORAGES.map((storage, i) => ({ storage, adapter: ADAPTERS[i % ADAPTERS.length]! }));
const PARENT = '00f067aa0ba902b7';
const newTrace = (): string => randomBytes(16).toString('hex');
const headersOf = (traceId: string, flags = '01'): Record<string, string> => ({
  traceparent: `00-${traceId}-${PARENT}-${flags}`,
});
const named =
  (name: string, attributes: Record<string, string | number> = {}) =>
  (span: CollectedSpan): boolean =>
    span.name === name && Object.entries(attributes).every(([key, value]) => span.attributes[key] === value);

/** Does something in a span of its own, asks when told to, and completes. */
const tracedAgent = agentOf(
  async ({ userText }, updater) => {
    await updater.startWork();
    await trace.getTracer('the agent').startActiveSpan('own work', async (span) => {
      await new Promise(setImmediate);
      span.end();
    });
    if (userText === 'fail') throw new Error('on purpose');
    if (userText === 'ask') await updater.requiresInput('what?');
    else await updater.complete('done');
  },
  { id: 'traced', default: true },
);

let collector: OtlpCollector;
let provider: NodeTracerProvider;

beforeAll(async () => {
  collector = await OtlpCollector.start();
  const exporter = new OTLPTraceExporter({ url: `${collector.url}/v1/traces` });
  provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  provider.register();
});
afterAll(async () => {
  await provider.shutdown();
  trace.disable();
  await collector.stop();
});

describe.each(SETUPS)('the traces of an application on $adapter with $storage', ({ storage, adapter }) => {
  let app: TestApp;
  let receiver: WebhookReceiver;

  beforeAll(async () => {
    receiver = await WebhookReceiver.start();
    app = await TestApp.start({
      storage,
      adapter,
      agents: [tracedAgent],
      imports: [A2aTracingModule],
      pushNotifications: { allowedHosts: ['127.0.0.0/8'], pollMs: 20 },
      grpc: { port: 0, authenticate: 'anonymous' },
    });
  });
  afterAll(async () => {
    await app.close();
    await receiver.stop();
  });

  const send = async (traceId: string, text: string, fields = {}, configuration = {}): Promise<string> => {
    const params = { message: textMessage(text, fields), configuration };
    const { result, error } = await app.rpc().call<{ task: { id: string } }>('SendMessage', params, headersOf(traceId));
    if (!result) throw new Error(JSON.stringify(error));
    return result.task.id;
  };

  it('continue the trace of the caller: the call, the run that it causes, and the spans of the agent', async () => {
    const traceId = newTrace();
    const taskId = await send(traceId, 'go');
    const call = await collector.until(traceId, named('A2A SendMessage'));
    const run = await collector.until(traceId, named('A2A run'));
    const own = await collector.until(traceId, named('own work'));
    expect(call).toMatchObject({ kind: 2, parentSpanId: PARENT, status: 0 });
    expect(call.attributes).toMatchObject({
      'rpc.method': 'SendMessage',
      'a2a.binding': 'jsonrpc',
      'a2a.protocol.version': '1.0',
      'a2a.agent.id': 'traced',
      'a2a.outcome': 'OK',
    });
    expect(run).toMatchObject({ kind: 5, parentSpanId: call.spanId, links: [{ traceId, spanId: call.spanId }] });
    expect(run.attributes).toMatchObject({
      'a2a.task.id': taskId,
      'a2a.turn': 1,
      'a2a.attempt': 1,
      'a2a.turn.outcome': 'completed',
    });
    expect(own.parentSpanId).toBe(run.spanId);
  });

  it('reach webhooks: a notification has the trace of the message that led to it', async () => {
    const [first, second] = [newTrace(), newTrace()];
    const path = `/traced-${first}`;
    const config = { taskPushNotificationConfig: { url: receiver.url(path) } };
    const taskId = await send(first, 'ask', {}, config);
    const state = (text: string) => (received: { text: string }[]) => received.some((one) => one.text.includes(text));
    await receiver.until(path, state('TASK_STATE_INPUT_REQUIRED'));
    const before = receiver.at(path).length;
    await send(second, 'go on', { taskId });
    const received = await receiver.until(path, state('TASK_STATE_COMPLETED'));
    const tracesOf = (some: typeof received) =>
      new Set(some.map(({ headers }) => String(headers.traceparent).split('-')[1]));
    expect(tracesOf(received.slice(0, before))).toEqual(new Set([first]));
    expect(tracesOf(received.slice(before))).toEqual(new Set([second]));
    const sent = await collector.until(second, named('A2A webhook', { 'a2a.task.id': taskId }));
    expect(sent.kind).toBe(3);
    expect(received.map(({ headers }) => headers.traceparent)).toContain(`00-${second}-${sent.spanId}-01`);
  });

  it('are those of each message: the run of a later turn belongs to the call that brought it', async () => {
    const [first, second] = [newTrace(), newTrace()];
    const taskId = await send(first, 'ask');
    await send(second, 'go on', { taskId });
    const call = await collector.until(second, named('A2A SendMessage'));
    const run = await collector.until(second, named('A2A run', { 'a2a.task.id': taskId }));
    expect(run).toMatchObject({ parentSpanId: call.spanId, links: [{ traceId: second, spanId: call.spanId }] });
    expect(run.attributes['a2a.turn']).toBe(2);
    expect(
      collector
        .of(first)
        .filter(named('A2A run'))
        .map(({ attributes }) => attributes['a2a.turn']),
    ).toEqual([1]);
  });

  it('say what the server failed at, and not what the client did wrong', async () => {
    const [wrong, failed] = [newTrace(), newTrace()];
    await app.rpc().call('GetTask', { id: 'none' }, headersOf(wrong));
    const call = await collector.until(wrong, named('A2A GetTask'));
    expect([call.status, call.attributes['a2a.outcome']]).toEqual([0, 'TASK_NOT_FOUND']);
    await send(failed, 'fail');
    const run = await collector.until(failed, named('A2A run'));
    expect([run.status, run.attributes['error.type']]).toEqual([2, 'failed']);
  });

  it('are continued in v0.3, over HTTP+JSON, and over gRPC by the metadata', async () => {
    const [v03, rest, grpc] = [newTrace(), newTrace(), newTrace()];
    await app.rpc(undefined, { 'A2A-Version': '0.3', ...headersOf(v03) }).result('message/send', {
      message: v03Message('go'),
    });
    await fetch(`${app.origin}/message:send`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'A2A-Version': '1.0', ...headersOf(rest) },
      body: JSON.stringify({ message: textMessage('go') }),
    });
    const client = new GrpcClient(await grpcAddress(app));
    const request = SendMessageRequest.fromJSON({ message: textMessage('go') });
    const { error } = await client.unary(SERVICES['1.0'].sendMessage, request, {
      'a2a-version': '1.0',
      ...headersOf(grpc),
    });
    expect(error).toBeUndefined();
    await client.unary(SERVICES['1.0'].getTask, GetTaskRequest.fromJSON({ id: 'none' }), { 'a2a-version': '1.0' });
    client.close();
    for (const [traceId, binding] of [
      [v03, 'jsonrpc'],
      [rest, 'rest'],
      [grpc, 'grpc'],
    ] as const) {
      const call = await collector.until(traceId, named('A2A SendMessage', { 'a2a.binding': binding }));
      expect(call.parentSpanId).toBe(PARENT);
      const run = await collector.until(traceId, named('A2A run'));
      expect(run.parentSpanId).toBe(call.spanId);
    }
  });

  it('are continued by calls in this process', async () => {
    const tracer = trace.getTracer('the application');
    const span = tracer.startSpan('a job');
    const { traceId, spanId } = span.spanContext();
    const { context } = await import('@opentelemetry/api');
    await context.with(trace.setSpan(context.active(), span), () =>
      app.app.get(A2aTasks, { strict: false }).send('go', { agent: 'traced', owner: 'alice' }),
    );
    span.end();
    expect((await collector.until(traceId, named('A2A run'))).parentSpanId).toBe(spanId);
  });

  it('are passed on where they are not sampled, and where their header is unusable there is a new one', async () => {
    const unsampled = newTrace();
    const path = `/unsampled-${unsampled}`;
    const params = {
      message: textMessage('go'),
      configuration: { taskPushNotificationConfig: { url: receiver.url(path) } },
    };
    await app.rpc().call('SendMessage', params, headersOf(unsampled, '00'));
    const [received] = await receiver.until(path, 1);
    expect(received!.headers.traceparent).toMatch(new RegExp(`^00-${unsampled}-[0-9a-f]{16}-00$`));
    expect(collector.of(unsampled)).toEqual([]);
    const answer = await app.rpc().call('SendMessage', { message: textMessage('go') }, { traceparent: 'nonsense' });
    expect(answer.error).toBeUndefined();
  });
});

describe('an application without the module', () => {
  it('stores nothing of a trace, and sends none', async () => {
    const database = await createTestDatabase();
    const receiver = await WebhookReceiver.start();
    const pushNotifications = { allowedHosts: ['127.0.0.0/8'], pollMs: 20 };
    const app = await TestApp.start({ databaseUrl: database.url, agents: [tracedAgent], pushNotifications });
    const traceId = newTrace();
    const client = new pg.Client({ connectionString: database.url });
    try {
      const config = { taskPushNotificationConfig: { url: receiver.url() } };
      await app.rpc().call('SendMessage', { message: textMessage('go'), configuration: config }, headersOf(traceId));
      const [received] = await receiver.until('/hook', 1);
      expect(received!.headers.traceparent).toBeUndefined();
      expect(collector.of(traceId).filter(({ name }) => name !== 'own work')).toEqual([]);
      await client.connect();
      const { rows } = await client.query('select request from a2a_event where request is not null');
      expect(rows).toEqual([]);
    } finally {
      await client.end();
      await app.close();
      await receiver.stop();
      await database.drop();
    }
  });
});
