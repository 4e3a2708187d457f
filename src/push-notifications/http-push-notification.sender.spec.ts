import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { WebhookReceiver } from '../../test/support/webhook.receiver.js';
import { OutboundHttp } from '../security/outbound/index.js';
import { CommittedEvent } from '../tasks/committed-event.js';
import type { PushConfig } from '../tasks/push-config-store.interface.js';
import { caller, pushConfig, status } from '../testing/contracts/fixtures.js';
import { HttpPushNotificationSender } from './http-push-notification.sender.js';
import type { PushOutcome } from './push-notification-sender.interface.js';
import { WebhookSigner } from './signing/webhook.signer.js';

const signer = await WebhookSigner.create();
const scope = caller();
const task = { taskId: 't1', contextId: 'c1' };
const event = CommittedEvent.of(task, 3, status('TASK_STATE_COMPLETED', { at: '2030-01-01T00:00:00.000Z' }));

/** Longer than any answer here takes. */
const LIMIT_MS = 20_000;
/** Longer than the beginning of an answer takes, of one that never ends. */
const BEGINNING_MS = 6_000;

describe('the sender of push notifications', () => {
  let receiver: WebhookReceiver;
  const http = new OutboundHttp({ allow: ['127.0.0.1'] });
  const sender = new HttpPushNotificationSender(http, LIMIT_MS, signer);
  beforeAll(async () => {
    receiver = await WebhookReceiver.start();
  });
  beforeEach(() => {
    receiver.received.length = 0;
    receiver.behave = (response) => response.writeHead(200).end('ok');
  });
  afterAll(() => receiver.stop());

  const send = (config: Partial<PushConfig> = {}, of = event, signal = new AbortController().signal) =>
    sender.send(
      { event: of, scope, config: pushConfig('a', { url: receiver.url(), ...config }), body: of.text },
      signal,
    );

  it('G6: posts a StreamResponse', async () => {
    expect(await send()).toEqual({ result: 'delivered' });
    const [notification] = receiver.received;
    expect(notification).toMatchObject({ method: 'POST', path: '/hook', body: JSON.parse(event.text) as object });
    expect(notification?.headers).toMatchObject({
      'content-type': 'application/a2a+json',
      'x-a2a-notification-id': 't1/3',
    });
    expect(notification?.body).toEqual({
      statusUpdate: { ...task, status: { state: 'TASK_STATE_COMPLETED', timestamp: '2030-01-01T00:00:00.000Z' } },
    });
    expect(notification?.headers).not.toHaveProperty('authorization');
    expect(notification?.headers).not.toHaveProperty('x-a2a-notification-token');
  });

  it('G13, X24: posts to a config of v0.3 what it is given, as JSON', async () => {
    const config = pushConfig('a', { url: receiver.url(), wireVersion: '0.3' });
    const body = JSON.stringify({ kind: 'task', id: 't1' });
    expect(await sender.send({ event, scope, config, body }, new AbortController().signal)).toEqual({
      result: 'delivered',
    });
    expect(receiver.received).toMatchObject([
      { headers: { 'content-type': 'application/json' }, body: { kind: 'task', id: 't1' } },
    ]);
  });

  it('G7, G13: sends the credentials under their scheme, and the token', async () => {
    await send({
      token: 'to ken',
      authentication: { scheme: 'Basic', credentials: 'dTpw', schemes: ['Digest', 'Basic'] },
    });
    await send({ authentication: { scheme: 'Bearer' } });
    expect(
      receiver.received.map(({ headers }) => [headers.authorization, headers['x-a2a-notification-token']]),
    ).toEqual([
      ['Basic dTpw', 'to ken'],
      [undefined, undefined],
    ]);
  });

  it('says what became of it', async () => {
    const outcomes: [number, Record<string, string>, PushOutcome][] = [
      [200, {}, { result: 'delivered' }],
      [202, {}, { result: 'delivered' }],
      [301, { Location: receiver.url('/elsewhere') }, failed(301)],
      [307, { Location: receiver.url('/elsewhere') }, failed(307)],
      [400, {}, failed(400)],
      [404, {}, failed(404)],
      [410, {}, { result: 'gone', reason: 'The response has HTTP status 410.', answer: { status: 410 } }],
      [429, { 'Retry-After': '7' }, failed(429, { retryAfterMs: 7000 })],
      [503, { 'Retry-After': 'soon' }, failed(503)],
    ];
    for (const [code, headers, outcome] of outcomes) {
      receiver.behave = (response) => response.writeHead(code, headers).end();
      expect(await send()).toEqual(outcome);
    }
    expect(receiver.at('/elsewhere')).toEqual([]);
  });

  it('G9: waits no longer than its limit, and takes an answer that has begun for one', async () => {
    receiver.behave = () => undefined;
    const hasty = new HttpPushNotificationSender(http, 300, signer);
    const config = pushConfig('a', { url: receiver.url() });
    const outcome = await hasty.send({ event, scope, config, body: event.text }, new AbortController().signal);
    expect(outcome).toEqual({
      result: 'failed',
      reason: 'No answer within 300 ms.',
      unanswered: true,
      answer: { error: 'timeout' },
    });
    const patient = new HttpPushNotificationSender(http, BEGINNING_MS, signer);
    receiver.behave = (response, { path }) => response.writeHead(Number(path.slice(1))).write('and then');
    const sent = [200, 500].map((code) => {
      const at = pushConfig('a', { url: receiver.url(`/${code}`) });
      return patient.send({ event, scope, config: at, body: event.text }, new AbortController().signal);
    });
    expect(await Promise.all(sent)).toEqual([
      { result: 'delivered' },
      failed(500, { answer: { status: 500, excerpt: 'and then' } }),
    ]);
  });

  it('shows the beginning of an answer that refuses, but no secret that the receiver repeats', async () => {
    receiver.behave = (response) => response.writeHead(401).end('Wrong token: pa55word. '.repeat(50));
    const outcome = await send({ token: 'pa55word' });
    expect(outcome).toMatchObject({ answer: { status: 401, excerpt: expect.stringMatching(/^Wrong token: /) } });
    expect(JSON.stringify(outcome)).not.toContain('pa55');
  });

  it('reads no more of an answer than it needs', async () => {
    receiver.behave = (response) => response.end('x'.repeat(10_000_000));
    expect(await send()).toEqual({ result: 'delivered' });
  });

  it('stops with the signal', async () => {
    const stop = new AbortController();
    receiver.behave = () => stop.abort();
    expect(await send({}, event, stop.signal)).toEqual({ result: 'stopped' });
  });

  it('G10: calls no private address that is not allowed, and shows nothing of the url', async () => {
    const guarded = new HttpPushNotificationSender(new OutboundHttp(), LIMIT_MS, signer);
    const config = pushConfig('a', { url: `${receiver.url()}?token=pa55` });
    const outcome = await guarded.send({ event, scope, config, body: event.text }, new AbortController().signal);
    expect(outcome.result).toBe('failed');
    expect(outcome).not.toHaveProperty('unanswered');
    expect(JSON.stringify(outcome)).not.toContain('pa55');
    expect(receiver.received).toEqual([]);
    const refused = await send({ url: 'http://127.0.0.1:1/pa55' });
    expect(refused).toEqual({
      result: 'failed',
      reason: 'The connection to 127.0.0.1:1 failed (ECONNREFUSED).',
      unanswered: true,
      answer: { error: 'connect' },
    });
  });

  it('does not try again what no header can carry', async () => {
    const outcome = await send({ token: 'pa55\n' });
    expect(outcome.result).toBe('rejected');
    expect(JSON.stringify(outcome)).not.toContain('pa55');
  });
});

const failed = (code: number, more: Partial<PushOutcome & { result: 'failed' }> = {}): PushOutcome => ({
  result: 'failed',
  reason: `The response has HTTP status ${code}.`,
  unanswered: false,
  answer: { status: code },
  ...more,
});
