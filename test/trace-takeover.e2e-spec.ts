import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { OtlpCollector } from './support/otlp.collector.js';
import { textMessage } from './support/rpc.client.js';
import { labOf, ServiceFleet } from './support/service.fleet.js';
import type { ServiceProcess } from './support/service.process.js';
import { WebhookReceiver } from './support/webhook.receiver.js';

const LIMIT_MS = 120_000;
const TRACE_URL = 'https://traces.example.com/trace/{traceId}';

describe('the service with OTEL_EXPORTER_OTLP_ENDPOINT', () => {
  let collector: OtlpCollector;
  let receiver: WebhookReceiver;
  let fleet: ServiceFleet;
  let [doomed, heir]: (ServiceProcess | undefined)[] = [];

  beforeAll(async () => {
    collector = await OtlpCollector.start();
    receiver = await WebhookReceiver.start();
    fleet = await ServiceFleet.create({
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      // How often its packages send spans.
      OTEL_BSP_SCHEDULE_DELAY: '50',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment=test',
      A2A_LEASE_MS: '5000',
      A2A_TRACE_URL: TRACE_URL,
      A2A_PUSH_ALLOWED_HOSTS: '127.0.0.0/8',
    });
    doomed = await fleet.start({ OTEL_SERVICE_NAME: 'doomed' });
    heir = await fleet.start({ OTEL_SERVICE_NAME: 'heir' });
  }, LIMIT_MS);
  afterAll(async () => {
    await fleet.remove();
    await receiver.stop();
    await collector.stop();
  }, LIMIT_MS);

  it(
    'has one trace of a task that another process takes over: the call, both runs, and the webhook',
    async () => {
      const traceId = randomBytes(16).toString('hex');
      const { task } = await labOf(doomed!, 'lab-resumable')
        .call<{ task: { id: string } }>(
          'SendMessage',
          {
            message: textMessage('stream 120 10 100'),
            configuration: { returnImmediately: true, taskPushNotificationConfig: { url: receiver.url() } },
          },
          { traceparent: `00-${traceId}-00f067aa0ba902b7-01` },
        )
        .then(({ result }) => result!);
      const call = await collector.until(traceId, ({ name }) => name === 'A2A SendMessage');
      expect([call.service, call.parentSpanId]).toEqual(['doomed', '00f067aa0ba902b7']);
      await doomed!.kill('SIGKILL');
      const run = await collector.until(traceId, ({ name }) => name === 'A2A run');
      expect(run).toMatchObject({
        service: 'heir',
        parentSpanId: call.spanId,
        links: [{ traceId, spanId: call.spanId }],
      });
      expect(run.attributes).toMatchObject({
        'a2a.task.id': task.id,
        'a2a.attempt': 2,
        'a2a.turn.outcome': 'completed',
      });
      const api = async (path: string): Promise<unknown> =>
        (await fetch(new URL(`/console/api/${path}`, heir!.origin))).json();
      expect(await api(`tasks/${task.id}`)).toMatchObject({
        attempt: 2,
        traces: [{ turn: 1, seq: 1, traceId, sampled: true }],
      });
      expect(await api('session')).toMatchObject({ traceUrl: TRACE_URL });
      const received = await receiver.until('/hook', (all) =>
        all.some(({ text }) => text.includes('TASK_STATE_COMPLETED')),
      );
      expect(new Set(received.map(({ headers }) => String(headers.traceparent).split('-')[1]))).toEqual(
        new Set([traceId]),
      );
    },
    LIMIT_MS,
  );

  it(
    'sends the last spans when it is shut down',
    async () => {
      const traceId = randomBytes(16).toString('hex');
      const late = await fleet.start({ OTEL_SERVICE_NAME: 'late', OTEL_BSP_SCHEDULE_DELAY: '3600000' });
      await labOf(late).call(
        'SendMessage',
        { message: textMessage('echo hi') },
        { traceparent: `00-${traceId}-00f067aa0ba902b7-01` },
      );
      expect(collector.of(traceId)).toEqual([]);
      expect(await late.kill('SIGTERM')).toEqual({ code: 0, signal: null });
      expect(
        collector
          .of(traceId)
          .map(({ name, service }) => [name, service])
          .sort(),
      ).toEqual([
        ['A2A SendMessage', 'late'],
        ['A2A run', 'late'],
      ]);
      expect(heir!.alive).toBe(true);
    },
    LIMIT_MS,
  );
});
