import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GetTaskRequest, ListTasksRequest } from '@a2a-js/sdk';
import { Registry } from 'prom-client';
import { LabAgent, ResumableLabAgent } from '../examples/lab/lab.agent.js';
import { A2aMetricsModule } from '../src/metrics/a2a-metrics.module.js';
import { callersBy } from './support/callers-by.js';
import { GrpcClient, SERVICES, grpcAddress } from './support/grpc.client.js';
import { DefaultLabAgent } from './support/lab-app.js';
import { http } from './support/rest.client.js';
import { textMessage, v03Message } from './support/rpc.client.js';
import { Scrape } from './support/scrape.js';
import { ADAPTERS, STORAGES, TestApp } from './support/test-app.js';
import { until } from '../src/testing/contracts/until.js';
import { WebhookReceiver } from './support/webhook.receiver.js';

const SETUPS = STORAGES.map((storage, i) => ({ storage, adapter: ADAPTERS[i % ADAPTERS.length]! }));
const GRPC_CALL = { 'a2a-version': '1.0', 'x-a2a-agent': 'lab' };
const KEY = { 'x-scraper': 'a-key' };
const authorize = ({ headers }: { headers: Record<string, unknown> }): boolean => headers['x-scraper'] === 'a-key';

describe.each(SETUPS)('the metrics of an application on $adapter with $storage', ({ storage, adapter }) => {
  let app: TestApp;
  let receiver: WebhookReceiver;
  const scrape = (): Promise<Scrape> => Scrape.from(`${app.origin}/metrics`, KEY);
  /** A response is counted when its connection has taken it. */
  const untilCounted = async (labels: Record<string, string>, count: number): Promise<Scrape> => {
    let found = await scrape();
    await until(async () => ((found = await scrape()).value('a2a_server_requests_total', labels) ?? 0) >= count);
    expect(found.value('a2a_server_requests_total', labels)).toBe(count);
    return found;
  };

  beforeAll(async () => {
    receiver = await WebhookReceiver.start();
    app = await TestApp.start({
      storage,
      adapter,
      agents: [DefaultLabAgent, ResumableLabAgent, callersBy('x-user')],
      imports: [A2aMetricsModule.forRoot({ authorize })],
      pushNotifications: {
        allowedHosts: ['127.0.0.0/8'],
        firstRetryMs: 10,
        maxRetryMs: 20,
        pollMs: 20,
        maxAttempts: 3,
      },
      execution: { drainMs: 100 },
      grpc: { port: 0, authenticate: 'anonymous' },
    });
  });
  afterAll(async () => {
    await app.close();
    await receiver.stop();
  });

  it('are refused to those who may not read them', async () => {
    expect((await fetch(`${app.origin}/metrics`)).status).toBe(401);
    expect((await fetch(`${app.origin}/metrics`, { headers: { 'x-scraper': 'another' } })).status).toBe(401);
    const response = await fetch(`${app.origin}/metrics`, { headers: KEY });
    expect(response.headers.get('content-type')).toContain('text/plain');
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it('count calls by operation, binding, version, agent and outcome', async () => {
    const send = { message: textMessage('echo hi') };
    await app.rpc('lab').result('SendMessage', send);
    await app.rpc('lab', { 'A2A-Version': '0.3' }).result('message/send', { message: v03Message('echo hi') });
    await http(`${app.origin}/agents/lab/message:send`, { method: 'POST', body: { message: textMessage('echo hi') } });
    const operation = 'SendMessage';
    const [lab, outcome] = [{ agent: 'lab', operation }, 'OK'];
    await untilCounted({ ...lab, binding: 'jsonrpc', version: '1.0', outcome }, 1);
    await untilCounted({ ...lab, binding: 'jsonrpc', version: '0.3', outcome }, 1);
    const counted = await untilCounted({ ...lab, binding: 'rest', version: '1.0', outcome }, 1);
    const duration = 'a2a_server_request_duration_seconds';
    expect(counted.value(`${duration}_count`, { ...lab, binding: 'jsonrpc' })).toBe(2);
    expect(counted.value(`${duration}_sum`, { ...lab, binding: 'jsonrpc' })).toBeGreaterThan(0);
  });

  it('count a stream when it has ended, and one that its client leaves', async () => {
    const labels = { operation: 'SendStreamingMessage', binding: 'jsonrpc', agent: 'lab' };
    const whole = await app.rpc('lab').stream('SendStreamingMessage', { message: textMessage('stream 3 10') });
    await whole.all();
    await untilCounted({ ...labels, outcome: 'OK' }, 1);
    const left = await app.rpc('lab').stream('SendStreamingMessage', { message: textMessage('sleep 60000') });
    await until(async () => ((await scrape()).value('a2a_readers') ?? 0) > 0);
    left.close();
    await untilCounted({ ...labels, outcome: 'CLIENT_LEFT' }, 1);
  });

  it('count failed calls by their reason', async () => {
    await app.rpc('lab').call('GetTask', { id: 'none' });
    await app.rpc('lab').call('Nothing');
    await http(`${app.origin}/agents/lab/tasks/none`);
    await untilCounted({ operation: 'GetTask', binding: 'jsonrpc', outcome: 'TASK_NOT_FOUND' }, 1);
    await untilCounted({ operation: 'GetTask', binding: 'rest', outcome: 'TASK_NOT_FOUND' }, 1);
    await untilCounted({ operation: 'other', binding: 'jsonrpc', outcome: 'METHOD_NOT_FOUND' }, 1);
  });

  it('count calls over gRPC, also those that fail', async () => {
    const client = new GrpcClient(await grpcAddress(app));
    const { getTask, listTasks } = SERVICES['1.0'];
    await client.unary(getTask, GetTaskRequest.fromJSON({ id: 'none' }), GRPC_CALL);
    await client.unary(listTasks, ListTasksRequest.fromJSON({}), GRPC_CALL);
    client.close();
    await untilCounted({ operation: 'GetTask', binding: 'grpc', version: '1.0', outcome: 'TASK_NOT_FOUND' }, 1);
    await untilCounted({ operation: 'ListTasks', binding: 'grpc', agent: 'lab', outcome: 'OK' }, 1);
  });

  it('call agents that do not exist "other", and hold nothing that identifies a caller or a task', async () => {
    await app.rpc('made-up-by-a-client').call('GetTask', { id: 'none' });
    await untilCounted({ agent: 'other', binding: 'jsonrpc' }, 1);
    const caller = { 'A2A-Version': '1.0', 'x-user': 'owner-with-a-name' };
    const { task } = await app.rpc('lab', caller).result<{ task: { id: string } }>('SendMessage', {
      message: textMessage('echo hi'),
    });
    const { text } = await scrape();
    for (const secret of [task.id, 'owner-with-a-name', 'made-up-by-a-client']) expect(text).not.toContain(secret);
  });

  it('measure turns: their wait, their first event, their time and how they end', async () => {
    const before = await scrape();
    const rpc = app.rpc('lab-resumable');
    const { task } = await rpc.result<{ task: { id: string } }>('SendMessage', { message: textMessage('ask') });
    await rpc.result('SendMessage', { message: textMessage('me', { taskId: task.id }) });
    await rpc.result('SendMessage', { message: textMessage('fail') });
    await until(async () => ((await scrape()).value('a2a_turns_total', { agent: 'lab-resumable' }) ?? 0) >= 3);
    const after = await scrape();
    const agent = { agent: 'lab-resumable' };
    for (const outcome of ['input-required', 'completed', 'failed'])
      expect(after.value('a2a_turns_total', { ...agent, outcome })).toBe(1);
    for (const name of ['a2a_queue_wait_seconds', 'a2a_time_to_first_event_seconds', 'a2a_turn_duration_seconds']) {
      expect([name, before.value(`${name}_count`, agent)]).toEqual([name, undefined]);
      expect([name, after.value(`${name}_count`, agent)]).toEqual([name, 3]);
      // Seconds, not milliseconds.
      expect(after.value(`${name}_sum`, agent)).toBeLessThan(30);
    }
  });

  it('show what runs now, and the limits', async () => {
    const running = app.rpc('lab').result('SendMessage', {
      message: textMessage('sleep 60000'),
      configuration: { returnImmediately: true },
    });
    const { task } = (await running) as { task: { id: string } };
    await until(async () => ((await scrape()).value('a2a_runs', { agent: 'lab' }) ?? 0) > 0);
    const shown = await scrape();
    expect(shown.value('a2a_runs', { agent: 'lab-resumable' })).toBe(0);
    expect(shown.value('a2a_run_slots')).toBe(1000);
    expect(shown.value('a2a_lease_held')).toBe(1);
    expect(shown.value('a2a_replicas')).toBe(1);
    expect(shown.value('a2a_tasks_queued')).toBe(0);
    expect(shown.value('a2a_held_bytes_limit', { holder: 'clients' })).toBe(256 * 1024 * 1024);
    expect(shown.value('nodejs_eventloop_lag_p99_seconds')).toBeGreaterThanOrEqual(0);
    await app.rpc('lab').result('CancelTask', { id: task.id });
  });

  it('count attempts to deliver to webhooks', async () => {
    receiver.behave = (response) => response.writeHead(500).end();
    await app.rpc('lab').result('SendMessage', {
      message: textMessage('echo hi'),
      configuration: { taskPushNotificationConfig: { url: receiver.url('/counted') } },
    });
    await receiver.until('/counted', 1);
    receiver.behave = (response) => response.writeHead(204).end();
    const name = 'a2a_webhook_delivery_attempts_count';
    await until(async () => ((await scrape()).value(name, { outcome: 'delivered' }) ?? 0) > 0);
    const counted = await scrape();
    expect(counted.value('a2a_webhook_attempts_total', { outcome: 'failed' })).toBeGreaterThan(0);
    expect(counted.value('a2a_webhook_attempts_total', { outcome: 'delivered' })).toBeGreaterThan(0);
    expect(counted.value('a2a_webhook_attempt_duration_seconds_count')).toBeGreaterThan(1);
  });

  it('measure the commits to the log of a database', async () => {
    const shown = await scrape();
    const commits = shown.value('a2a_append_duration_seconds_count') ?? 0;
    const events = shown.value('a2a_append_batch_events_sum') ?? 0;
    if (storage === 'memory') return expect([commits, events]).toEqual([0, 0]);
    expect(commits).toBeGreaterThan(5);
    expect(events).toBeGreaterThanOrEqual(commits);
    expect(shown.value('a2a_append_failures_total')).toBe(0);
  });
});

describe('A2aMetricsModule', () => {
  it('adds its metrics to a registry of the application, and serves nothing then', async () => {
    const register = new Registry();
    const app = await TestApp.start({ agents: [LabAgent], imports: [A2aMetricsModule.forRoot({ register })] });
    try {
      await app.rpc('lab').result('SendMessage', { message: textMessage('echo hi') });
      expect((await fetch(`${app.origin}/metrics`)).status).toBe(404);
      const shown = Scrape.of(await register.metrics());
      expect(shown.value('a2a_turns_total', { outcome: 'completed' })).toBe(1);
      // The application may collect them already.
      expect(shown.names.filter((name) => !name.startsWith('a2a_'))).toEqual([]);
    } finally {
      await app.close();
    }
  });

  it.each([
    [{}, 'give authorize'],
    [{ authorize: true }, 'authorize must be a function'],
    [{ register: {} }, 'register must be a Registry'],
    [{ authorize, path: 'metrics' }, "path must be a path such as '/metrics'"],
    [{ register: new Registry(), path: '/x' }, 'path makes no sense without authorize'],
    [{ authorize, procesMetrics: true }, 'processMetrics'],
  ])('refuses %j by name', (options, problem) => {
    expect(() => A2aMetricsModule.forRoot(options as never)).toThrow(problem);
  });
});
