import { describe, expect, it } from '@jest/globals';
import { StreamResponse } from '@a2a-js/sdk';
import { randomBytes } from 'node:crypto';
import { hmacSignature } from '../../push-notifications/signing/webhook-secret.js';
import { v03Codec } from '../../protocol/v0-3/index.js';
import type { Task } from '../../protocol/model/index.js';
import { MemoryDeduplication } from './deduplication.js';
import { notificationIn } from './webhook.notification.js';
import { webhookOptions } from './webhook.options.js';
import { isSigned } from './webhook-signature.js';
import { tokenCheck } from './webhook-token.js';

const status = { state: 'TASK_STATE_WORKING', timestamp: '2026-01-01T00:00:00.000Z' } as const;
const task: Task = {
  id: 't',
  contextId: 'c',
  status,
  artifacts: [{ artifactId: 'a', parts: [{ text: 'hi' }] }],
};
const ids = { taskId: 't', contextId: 'c' };
const artifact = { artifactId: 'a', parts: [{ text: 'hi' }] };
const read = (body: unknown, id?: string) => notificationIn(JSON.stringify(body), id);

describe('notificationIn', () => {
  it.each([
    ['a task', { task }, { kind: 'task', ...ids, task, status }],
    ['a status', { statusUpdate: { ...ids, status } }, { kind: 'status', ...ids, status }],
    [
      'an artifact',
      { artifactUpdate: { ...ids, artifact, append: true } },
      { kind: 'artifact', ...ids, artifact, append: true, lastChunk: false },
    ],
    [
      'a message',
      { message: { messageId: 'm', role: 'ROLE_AGENT', parts: [{ text: 'hi' }], ...ids } },
      { kind: 'message', ...ids, message: { messageId: 'm', role: 'ROLE_AGENT', parts: [{ text: 'hi' }], ...ids } },
    ],
    ['a task without the wrapper', task, { kind: 'task', ...ids, task, status }],
  ])('reads %s of v1.0', (_, body, notification) => {
    expect(read(body, 't/1')).toEqual({ id: 't/1', version: '1.0', ...notification });
  });

  it('reads what the JavaScript SDK makes of v1.0', () => {
    const body = StreamResponse.toJSON(StreamResponse.fromJSON({ statusUpdate: { ...ids, status } }));
    expect(read(body)).toMatchObject({ version: '1.0', kind: 'status', ...ids, status: { state: status.state } });
  });

  it.each([
    ['the Task, which SDKs of v0.3 send', v03Codec.encode.Task(task)],
    ['one without kind', { ...(v03Codec.encode.Task(task) as object), kind: undefined }],
  ])('reads %s as a task in the form of v1.0', (_, body) => {
    expect(read(body)).toEqual({ version: '0.3', kind: 'task', ...ids, task, status });
  });

  it('reads events of v0.3', () => {
    const body = { kind: 'status-update', ...ids, status: { state: 'working' }, final: false };
    expect(read(body)).toMatchObject({ version: '0.3', kind: 'status', ...ids, status: { state: status.state } });
  });

  it.each([
    ['an array', []],
    ['an empty object', {}],
    ['a task without an id', { task: { ...task, id: undefined } }],
    ['a state that is none', { statusUpdate: { ...ids, status: { state: 'nonsense' } } }],
    ['two members', { task, statusUpdate: { ...ids, status } }],
    ['an unknown kind', { kind: 'surprise', ...ids }],
  ])('refuses %s', (_, body) => {
    expect(() => read(body)).toThrow("The agent's answer is none of A2A");
  });
});

describe('tokenCheck', () => {
  it('knows each of several tokens, and nothing else', () => {
    const knows = tokenCheck(['old', 'new']);
    expect(['old', 'new', 'ol', '', undefined, ['old']].map(knows)).toEqual([true, true, false, false, false, false]);
    expect(tokenCheck([''])(undefined)).toBe(false);
  });
});

describe('MemoryDeduplication', () => {
  it('gives a key to one caller until that has failed, and forgets the oldest', () => {
    const memory = new MemoryDeduplication(2);
    expect([memory.begin('a'), memory.begin('a')]).toEqual(['new', 'busy']);
    memory.end('a', false);
    expect(memory.begin('a')).toBe('new');
    memory.end('a', true);
    expect(memory.begin('a')).toBe('handled');
    memory.begin('b');
    memory.begin('c');
    expect(memory.begin('a')).toBe('new');
  });
});

describe('webhookOptions', () => {
  it.each([
    [{ token: '' }, 'token must be the secret'],
    [{ token: undefined as unknown as string }, 'token must be the secret'],
    [{ token: [] }, 'token must be the secret'],
    [{ token: 'whsec_short' }, 'must be whsec_ and 24 to 64 random bytes'],
    [{ token: 'a', tokne: 'b' }, 'tokne'],
    [{ token: 'a', bodyLimitBytes: 0 }, 'bodyLimitBytes must be a whole number'],
  ])('refuses %j', (given, problem) => {
    expect(() => webhookOptions(given)).toThrow(problem);
  });
});

describe('isSigned', () => {
  const key = randomBytes(32);
  const body = Buffer.from('{"a":1}');
  const now = 1_767_225_600_000;
  const request = (fields: Record<string, string | undefined> = {}, sent = body) => ({
    url: '/hook',
    body: sent,
    headers: {
      'webhook-id': 't/1',
      'webhook-timestamp': String(now / 1000),
      'webhook-signature': `v1,other ${hmacSignature(key, 't/1', now / 1000, body.toString())}`,
      ...fields,
    },
  });

  it('knows the signature of one of the keys, for this id, time and body', () => {
    expect(isSigned(request(), [randomBytes(32), key], now + 299_000)).toBe(true);
    expect(isSigned(request(), [randomBytes(32)], now)).toBe(false);
    expect(isSigned(request(), [], now)).toBe(false);
    expect(isSigned(request({ 'webhook-id': 't/2' }), [key], now)).toBe(false);
    expect(isSigned(request({}, Buffer.from('{"a":2}')), [key], now)).toBe(false);
    expect(isSigned(request({ 'webhook-timestamp': String(now / 1000 + 1) }), [key], now)).toBe(false);
    expect(isSigned(request({ 'webhook-signature': undefined }), [key], now)).toBe(false);
  });

  it('refuses what is older than five minutes', () => {
    expect(isSigned(request(), [key], now + 301_000)).toBe(false);
  });
});
