import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect } from 'node:net';
import { message, protoMessage, RestHarness } from '../../../test/support/rest-harness.js';
import { ADAPTERS } from '../../../test/support/transport-app.js';

const NO_VERSION = { 'a2a-version': '' };

describe.each(ADAPTERS)('bodies of HTTP+JSON on %s', (adapter) => {
  const harness = new RestHarness(adapter);
  const { call } = harness;

  beforeAll(() => harness.start({ options: { bodyLimitBytes: 100_000 } }));
  afterAll(() => harness.stop());

  it.each(['application/a2a+json', 'application/json', 'application/json; charset=utf-8', 'Application/A2A+JSON'])(
    'J5: takes %s',
    async (type) => {
      const send = { message: message('hi') };
      expect((await call('POST', '/message:send', send, { 'content-type': type })).status).toBe(200);
      const older = { ...NO_VERSION, 'content-type': type };
      expect((await call('POST', '/v1/message:send', { message: protoMessage('hi') }, older)).status).toBe(200);
    },
  );

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'nonsense', ''])(
    'answers a body of %j with the status and reason of the table of errors',
    async (type) => {
      for (const path of ['/message:send', '/tasks/x:cancel', '/agents/other/acme/message:stream']) {
        const { status, body } = await call('POST', path, { message: message('hi') }, { 'content-type': type });
        expect(status).toBe(400);
        const error = { code: 400, status: 'INVALID_ARGUMENT', details: [{ reason: 'CONTENT_TYPE_NOT_SUPPORTED' }] };
        expect(body).toMatchObject({ error });
      }
      const older = { ...NO_VERSION, 'content-type': type };
      const { status, body } = await call('POST', '/v1/message:send', { message: protoMessage('hi') }, older);
      expect([status, body['code']]).toEqual([400, -32005]);
      expect(harness.seen).toBeUndefined();
    },
  );

  it('does not ask for the type of a body that is not there', async () => {
    for (const [method, path] of [
      ['GET', '/tasks/x'],
      ['POST', '/tasks/x:cancel'],
      ['POST', '/tasks/x:subscribe'],
    ] as const) {
      expect((await call(method, path, undefined, { 'content-type': 'text/plain' })).status).toBe(200);
    }
  });

  it.each(['', '{}', 'null', ' null '])('takes %j for nothing where there may be nothing', async (body) => {
    for (const path of ['/tasks/x:cancel', '/tasks/x:subscribe']) {
      expect((await call('POST', path, body)).status).toBe(200);
      expect(harness.seen?.request).toEqual({ id: 'x' });
      expect((await call('POST', `/v1${path}`, body, NO_VERSION)).status).toBe(200);
      expect(harness.seen?.request).toEqual({ id: 'x' });
    }
  });

  it.each([
    ['nothing', '', 'PARSE_ERROR'],
    ['no JSON', '{"message":', 'PARSE_ERROR'],
    ['lists within lists without end', '['.repeat(40_000), 'PARSE_ERROR'],
    ['null', 'null', 'INVALID_PARAMS'],
    ['a list', '[]', 'INVALID_PARAMS'],
    ['a text', '"hi"', 'INVALID_PARAMS'],
    ['an empty object', '{}', 'INVALID_PARAMS'],
  ])('answers %s with 400', async (_name, body, reason) => {
    const answer = await call('POST', '/message:send', body);
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 400 } } });
    expect((answer.body['error'] as { details: object[] }).details[0]).toMatchObject({ reason });
    const older = await call('POST', '/v1/message:send', body, NO_VERSION);
    expect(older).toMatchObject({ status: 400, body: { data: { reason } } });
  });

  it('names what is no object as the body', async () => {
    const { body } = await call('POST', '/tasks/x:cancel', '[]');
    expect(body).toMatchObject({ error: { message: expect.stringContaining('body must be a JSON object') } });
  });

  it('takes no harm from keys that objects inherit', async () => {
    const body = `{"__proto__":{"polluted":1},"metadata":{"__proto__":{"polluted":1}}}`;
    expect((await call('POST', '/tasks/x:cancel?__proto__=1', body)).status).toBe(200);
    expect((await call('GET', '/tasks/x?__proto__=1&constructor=2')).status).toBe(200);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it('answers a body over the limit with 413, also before it has arrived, and goes on', async () => {
    const big = { message: message('x'.repeat(150_000)) };
    expect(await call('POST', '/message:send', big)).toMatchObject({ status: 413, body: { error: { code: 413 } } });
    expect(await call('POST', '/v1/message:send', big, NO_VERSION)).toMatchObject({
      status: 413,
      body: { code: -32600 },
    });
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(harness.app.port, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.on('data', (chunk) => {
        resolve(String(chunk));
        socket.destroy();
      });
      const head =
        'POST /message:send HTTP/1.1\r\nHost: 127.0.0.1\r\nA2A-Version: 1.0\r\nContent-Type: application/json\r\n';
      socket.write(`${head}Content-Length: 99999999\r\n\r\n{"a`);
    });
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
    expect((await call('GET', '/tasks/x')).status).toBe(200);
  });

  it('answers a compressed body with 415', async () => {
    const { status } = await call('POST', '/message:send', { message: message('hi') }, { 'content-encoding': 'gzip' });
    expect(status).toBe(415);
  });

  it('survives an upload that is broken off', async () => {
    await new Promise<void>((resolve) => {
      const head =
        'POST /message:send HTTP/1.1\r\nHost: 127.0.0.1\r\nA2A-Version: 1.0\r\nContent-Type: application/json\r\n';
      const socket = connect(harness.app.port, '127.0.0.1', () => {
        socket.write(`${head}Content-Length: 1000\r\n\r\n{"a`, () => socket.destroy());
      });
      socket.on('close', () => resolve());
    });
    expect((await call('GET', '/tasks/x')).status).toBe(200);
    expect(harness.seen?.operation).toBe('getTask');
  });

  it.each([
    [undefined, 'application/a2a+json'],
    ['*/*', 'application/a2a+json'],
    ['text/html', 'application/a2a+json'],
    ['application/json', 'application/json'],
    ['application/a2a+json, application/json', 'application/a2a+json'],
    ['application/json, application/a2a+json;q=0.5', 'application/json'],
    ['text/html, Application/JSON;q=0.9', 'application/json'],
    ['application/json;q=0', 'application/a2a+json'],
  ])('J5: answers a client that accepts %j as %s', async (accept, type) => {
    const headers = { ...(accept !== undefined && { accept }) };
    expect((await call('GET', '/tasks/x', undefined, headers)).headers.get('content-type')).toBe(type);
    expect((await call('GET', '/tasks/x?historyLength=x', undefined, headers)).headers.get('content-type')).toBe(type);
    const older = await call('GET', '/v1/tasks/x', undefined, { ...headers, ...NO_VERSION });
    expect(older.headers.get('content-type')).toBe('application/json');
  });

  it('keeps its answers out of caches', async () => {
    expect((await call('GET', '/tasks/x')).headers.get('cache-control')).toBe('private, no-store');
    expect((await call('GET', '/extendedAgentCard')).headers.get('cache-control')).toBe('private, no-store');
    expect((await call('GET', '/tasks/x?historyLength=x')).headers.get('cache-control')).toBe('private, no-store');
  });
});
