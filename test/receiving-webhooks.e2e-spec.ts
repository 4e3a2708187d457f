import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Body, Controller, type INestApplication, Logger, Module, Post } from '@nestjs/common';
import { type AbstractHttpAdapter, NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { randomBytes } from 'node:crypto';
import { LabAgent } from '../examples/lab/lab.agent.js';
import {
  A2aNotification,
  A2aWebhook,
  A2aWebhookModule,
  type WebhookNotification,
  type WebhookRequest,
} from '../src/client/index.js';
import type { Task } from '../src/protocol/model/index.js';
import { Gate } from './support/agent-of.js';
import { RpcClient, textMessage, V10, v03Message } from './support/rpc.client.js';
import { ADAPTERS, TestApp } from './support/test-app.js';
import { until } from '../src/testing/contracts/until.js';

Logger.overrideLogger(false);

const SECRET = `whsec_${randomBytes(32).toString('base64')}`;

const received: WebhookNotification[] = [];
let handle: () => Promise<void> = async () => undefined;

@Controller('hooks')
class HooksController {
  @A2aWebhook(':shop')
  async received(@A2aNotification() notification: WebhookNotification): Promise<void> {
    await handle();
    received.push(notification);
  }

  @Post()
  plain(@Body() body: unknown): unknown {
    return body;
  }
}

beforeEach(() => {
  received.length = 0;
  handle = async () => undefined;
});

const states = (): string[] =>
  received.map((one) => (one.kind === 'artifact' || one.kind === 'message' ? one.kind : one.status.state.slice(11)));

describe.each(ADAPTERS)('A webhook on %s, beside A2aModule', (adapter) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await TestApp.start({
      adapter,
      agents: [LabAgent],
      globalPrefix: 'api',
      imports: [A2aWebhookModule.forRoot({ token: ['secret', SECRET] })],
      controllers: [HooksController],
      pushNotifications: { allowedHosts: ['127.0.0.1'], firstRetryMs: 10, maxRetryMs: 20, pollMs: 20 },
    });
  });
  afterAll(() => app.close());

  const config = (token = 'secret') => ({ url: `${app.origin}/api/hooks/shop`, token });
  const lab = (headers: Record<string, string>): RpcClient => new RpcClient(`${app.origin}/api/agents/lab`, headers);

  it('gets the events of v1.0 from our sender, once each although the first attempt fails', async () => {
    let attempts = 0;
    handle = async () => {
      if (++attempts === 1) throw new Error('not yet');
    };
    const params = { message: textMessage('stream 3 8'), configuration: { taskPushNotificationConfig: config() } };
    const { task } = await lab(V10).result<{ task: Task }>('SendMessage', params);
    await until(() => states().includes('COMPLETED'));
    expect(states()).toEqual(['SUBMITTED', 'WORKING', 'artifact', 'artifact', 'COMPLETED']);
    expect(received.map(({ id }) => id)).toEqual([1, 2, 3, 5, 6].map((seq) => `${task.id}/${seq}`));
    expect(new Set(received.map((one) => `${one.version} ${one.taskId} ${one.contextId}`))).toEqual(
      new Set([`1.0 ${task.id} ${task.contextId}`]),
    );
  });

  it('knows the signature of our sender', async () => {
    const [forged, signed] = [`whsec_${randomBytes(32).toString('base64')}`, SECRET].map((token) => ({
      message: textMessage('echo hi'),
      configuration: { taskPushNotificationConfig: config(token) },
    }));
    const refused = await lab(V10).result<{ task: Task }>('SendMessage', forged);
    const { task } = await lab(V10).result<{ task: Task }>('SendMessage', signed);
    await until(() => states().includes('COMPLETED'));
    expect(received.map(({ id }) => id)).toContain(`${task.id}/1`);
    expect(received.map(({ taskId }) => taskId)).not.toContain(refused.task.id);
  });

  it('gets the Task of v0.3 from our sender, in the form of v1.0', async () => {
    const params = { message: v03Message('echo hi'), configuration: { pushNotificationConfig: config() } };
    const { id } = await lab({}).result<Task>('message/send', params);
    await until(() => states().includes('COMPLETED'));
    const last = received.at(-1);
    expect(last).toMatchObject({ version: '0.3', kind: 'task', taskId: id, task: { id } });
    expect(last?.kind === 'task' && last.task.artifacts?.[0]?.parts).toEqual([{ text: 'hi' }]);
  });
});

describe.each(ADAPTERS)('A webhook on %s, in an application of its own', (adapter) => {
  let app: INestApplication;
  let origin = '';
  beforeAll(async () => {
    const options = { token: ['old', 'secret'], bodyLimitBytes: 300_000, verify };
    @Module({ imports: [A2aWebhookModule.forRoot(options)], controllers: [HooksController] })
    class ReceiverModule {}
    const http: AbstractHttpAdapter = adapter === 'fastify' ? new FastifyAdapter() : new ExpressAdapter();
    app = await NestFactory.create(ReceiverModule, http, { logger: false, abortOnError: false });
    await app.listen(0, '127.0.0.1');
    origin = await app.getUrl();
  });
  afterAll(() => app.close());

  const signed: string[] = [];
  const verify = ({ headers, body, url }: WebhookRequest): boolean => {
    signed.push(`${url} ${body.toString()}`);
    return headers['x-signature'] !== 'wrong';
  };
  const status = { state: 'TASK_STATE_WORKING' };
  const update = { statusUpdate: { taskId: 't', contextId: 'c', status } };
  const post = async (body: unknown, headers: Record<string, string | undefined> = {}): Promise<number> => {
    const defaults = { 'content-type': 'application/json', 'x-a2a-notification-token': 'secret' };
    const given = Object.entries({ ...defaults, ...headers }).filter(([, value]) => value !== undefined);
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const request = { method: 'POST', headers: given as [string, string][], body: text };
    return (await fetch(`${origin}/hooks/shop?a=b`, request)).status;
  };

  it.each(['application/json', 'application/a2a+json', 'application/a2a+json; charset=utf-8'])(
    'takes notifications as %s',
    async (type) => {
      expect(await post(update, { 'content-type': type })).toBe(204);
      expect(received).toEqual([{ version: '1.0', kind: 'status', taskId: 't', contextId: 'c', status }]);
    },
  );

  it('takes one of several tokens, and answers 401 without calling anything for any other', async () => {
    signed.length = 0;
    expect(await post(update, { 'x-a2a-notification-token': 'old' })).toBe(204);
    for (const wrong of [undefined, '', 'secre', 'secret2'])
      expect(await post('{', { 'x-a2a-notification-token': wrong })).toBe(401);
    expect([received.length, signed.length]).toEqual([1, 1]);
  });

  it('gives verify the bytes that were sent, and answers 401 if it says no', async () => {
    signed.length = 0;
    const text = `  ${JSON.stringify(update)}\n`;
    expect(await post(text)).toBe(204);
    expect(await post(text, { 'x-signature': 'wrong' })).toBe(401);
    expect([signed, received.length]).toEqual([Array(2).fill(`/hooks/shop?a=b ${text}`), 1]);
  });

  it('answers 400 for what is no notification, and 413 for what is too large', async () => {
    for (const body of ['{', 'null', '{}', { statusUpdate: { taskId: 't', contextId: 'c' } }])
      expect([body, await post(body)]).toEqual([body, 400]);
    expect(await post({ ...update, padding: 'x'.repeat(200_000) })).toBe(204);
    expect(await post({ ...update, padding: 'x'.repeat(300_000) })).toBe(413);
    expect([400, 415]).toContain(await post(JSON.stringify(update), { 'content-type': 'text/plain' }));
    expect(received).toHaveLength(1);
  });

  it('calls the method once for an id: again after it failed, and not while it is busy', async () => {
    const id = { 'x-a2a-notification-id': 't/7' };
    const gate = new Gate();
    let busy = false;
    handle = () => {
      busy = true;
      return gate.opened;
    };
    const first = post(update, id);
    await until(() => busy);
    expect(await post(update, id)).toBe(503);
    gate.open();
    expect([await first, await post(update, id)]).toEqual([204, 204]);
    expect(received).toHaveLength(1);
    handle = async () => {
      throw new Error('not yet');
    };
    expect(await post(update, { 'x-a2a-notification-id': 't/8' })).toBe(500);
    handle = async () => undefined;
    expect(await post(update, { 'x-a2a-notification-id': 't/8' })).toBe(204);
    expect(received).toHaveLength(2);
  });

  it('leaves other routes to the parsers of the application', async () => {
    const request = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"a":1}' };
    expect(await (await fetch(`${origin}/hooks`, request)).json()).toEqual({ a: 1 });
  });
});
