import { afterEach, describe, expect, it } from '@jest/globals';
import { request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { A2aAuthModule } from '../src/security/authentication/a2a-auth.module.js';
import type { Authenticator } from '../src/security/authentication/authenticator.interface.js';
import { agentOf } from './support/agent-of.js';
import { ADAPTERS, TestApp, type TestAppOptions } from './support/test-app.js';
import { textMessage } from './support/rpc.client.js';

const PAGE = 'https://app.example.com';
const JSON_TYPE = { 'content-type': 'application/json', 'a2a-version': '1.0' };

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** A request with any `Host`, which fetch does not send. */
const send = (
  origin: string,
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: string,
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const sent = request(new URL(path, origin), { method, headers }, (response) => {
      let text = '';
      response
        .setEncoding('utf8')
        .on('data', (chunk: string) => (text += chunk))
        .on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    sent.on('error', reject).end(body);
  });

describe.each(ADAPTERS)('requests of browsers, on %s', (adapter) => {
  let server: TestApp | undefined;
  let runs = 0;
  const agent = agentOf(async (_context, updater) => {
    runs += 1;
    await updater.complete();
  });

  const start = async (options: Partial<TestAppOptions> = {}): Promise<string> => {
    runs = 0;
    server = await TestApp.start({ adapter, agents: [agent], ...options });
    return server.origin;
  };
  afterEach(() => server?.close());

  const rpcBody = (method = 'SendMessage'): string =>
    JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { message: textMessage('hi') } });
  const rpc = (origin: string, headers: Record<string, string> = {}): Promise<Answer> =>
    send(origin, 'POST', '/', { ...JSON_TYPE, ...headers }, rpcBody());

  describe('under a name of an attacker', () => {
    const host = 'rebound.example:3000';

    it('are refused on loopback, by each binding in its own form, and nothing runs', async () => {
      const origin = await start();
      const { status, text } = await rpc(origin, { host });
      expect(status).toBe(403);
      expect(JSON.parse(text)).toMatchObject({ jsonrpc: '2.0', id: null, error: { message: expect.any(String) } });
      expect(text).toContain("'rebound.example:3000' is not a name of this server");
      expect(text).toContain('A2A_ALLOWED_HOSTS');
      const paths = ['/tasks', '/v1/tasks', '/tasks/1/events', '/.well-known/agent-card.json', '/extendedAgentCard'];
      for (const path of paths) {
        const got = await send(origin, 'GET', path, { host });
        expect([path, got.status]).toEqual([path, 403]);
        expect(JSON.parse(got.text)).not.toHaveProperty('jsonrpc');
      }
      const rest = await send(origin, 'POST', '/message:send', { ...JSON_TYPE, host }, rpcBody());
      expect(JSON.parse(rest.text)).toMatchObject({ error: { code: 403, status: 'PERMISSION_DENIED' } });
      expect(runs).toBe(0);
    });

    it('get what is the same for everybody: the keys of webhooks, and that a method is not there', async () => {
      const origin = await start();
      const keys = await send(origin, 'GET', '/.well-known/jwks.json', { host });
      // This server has none.
      expect([keys.status, keys.text]).toEqual([
        404,
        expect.stringContaining('signs neither agent cards nor webhooks'),
      ]);
      for (const method of ['GET', 'PUT', 'DELETE']) {
        const { status, headers, text } = await send(origin, method, '/', { host });
        expect([status, headers.allow, text]).toEqual([405, 'POST', expect.not.stringContaining('test')]);
      }
    });

    it.each(['localhost', 'LOCALHOST.:80', '127.0.0.1:3000', '127.8.8.8', '[::1]:3000', 'agents.example.com'])(
      'unlike those for %s',
      async (name) => {
        const origin = await start({ publicUrl: 'https://agents.example.com/below' });
        expect(await rpc(origin, { host: name })).toMatchObject({ status: 200 });
      },
    );

    it('are served if the name is allowed', async () => {
      const origin = await start({ http: { allowedHosts: ['other.test', '*.example'] } });
      for (const name of ['rebound.example', 'a.b.example', 'other.test:1'])
        expect([name, (await rpc(origin, { host: name })).status]).toEqual([name, 200]);
      for (const name of ['example', 'another.test', 'other.test.evil', 'evil@other.test', '10.0.0.1'])
        expect([name, (await rpc(origin, { host: name })).status]).toEqual([name, 403]);
    });

    it('are served if all names are allowed', async () => {
      expect(await rpc(await start({ http: { allowedHosts: ['*'] } }), { host })).toMatchObject({ status: 200 });
    });

    it('are served where other machines connect, unless names are set', async () => {
      expect(await rpc(await start({ host: '0.0.0.0' }), { host })).toMatchObject({ status: 200 });
      await server?.close();
      const origin = await start({ host: '0.0.0.0', http: { allowedHosts: ['agents.test'] } });
      expect(await rpc(origin, { host })).toMatchObject({ status: 403 });
      expect(await rpc(origin, { host: 'agents.test' })).toMatchObject({ status: 200 });
      expect(await rpc(origin)).toMatchObject({ status: 200 });
    });
  });

  describe('from pages of another origin', () => {
    it('are refused on loopback, and nothing runs', async () => {
      const origin = await start({ publicUrl: 'https://agents.example.com' });
      for (const from of [PAGE, 'null', 'http://localhost.example.com', 'https://agents.example.com:8443']) {
        expect([from, (await rpc(origin, { origin: from })).status]).toEqual([from, 403]);
      }
      expect(runs).toBe(0);
      for (const from of [origin, 'http://localhost:5173', 'http://[::1]:1', 'https://agents.example.com']) {
        expect([from, (await rpc(origin, { origin: from })).status]).toEqual([from, 200]);
      }
    });

    it('are left to the application where other machines connect', async () => {
      expect(await rpc(await start({ host: '0.0.0.0' }), { origin: PAGE })).toMatchObject({ status: 200 });
    });

    it('have no headers of CORS and no preflight unless they are asked for', async () => {
      const origin = await start({ host: '0.0.0.0' });
      const { headers } = await rpc(origin, { origin: PAGE });
      expect(headers).not.toHaveProperty('access-control-allow-origin');
      const asked = { origin: PAGE, 'access-control-request-method': 'POST' };
      const preflight = await send(origin, 'OPTIONS', '/', asked);
      expect(preflight.headers).not.toHaveProperty('access-control-allow-origin');
    });
  });

  describe('with cookies', () => {
    const cookie = 'session=1';
    const FORMS = ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'];

    it.each([...FORMS, undefined])('and the content type %s of a form are refused', async (type) => {
      const origin = await start({ host: '0.0.0.0' });
      const form = { cookie, ...(type !== undefined && { 'content-type': type }) };
      for (const path of ['/', '/tasks/1:cancel', '/v1/tasks/1:cancel', '/tasks/1:subscribe', '/message:send']) {
        const body = type === undefined ? undefined : rpcBody();
        expect([path, (await send(origin, 'POST', path, form, body)).status]).toEqual([path, 403]);
      }
      expect(runs).toBe(0);
    });

    it('are served with a header that forms cannot send', async () => {
      const origin = await start({ host: '0.0.0.0' });
      expect(await rpc(origin, { cookie })).toMatchObject({ status: 200 });
      const cancel = (headers: Record<string, string>): Promise<Answer> =>
        send(origin, 'POST', '/tasks/1:cancel', { cookie, ...headers });
      expect(await cancel({ 'a2a-version': '1.0' })).toMatchObject({ status: 404 });
      expect(await cancel({ 'content-type': 'application/json' })).not.toMatchObject({ status: 403 });
      expect(await send(origin, 'GET', '/tasks', { cookie, 'a2a-version': '1.0' })).toMatchObject({ status: 200 });
    });

    it('are unnecessary: a form without them may not send JSON-RPC either', async () => {
      const origin = await start();
      for (const type of FORMS)
        expect([type, (await send(origin, 'POST', '/', { 'content-type': type }, rpcBody())).status]).toEqual([
          type,
          400,
        ]);
      expect(runs).toBe(0);
    });
  });

  describe('from allowed origins', () => {
    const cors = { origins: [PAGE, 'http://two.example'], credentials: true, headers: ['X-Mine'] };
    const asked = { origin: PAGE, 'access-control-request-method': 'POST' };
    const byKey: Authenticator = {
      name: 'key',
      scheme: { apiKeySecurityScheme: { location: 'header', name: 'X-Key' } },
      authenticate: ({ headers }) => (headers['x-key'] === 'right' ? { owner: 'alice' } : null),
    };

    it.each(['/', '/agents/test', '/tasks/1:cancel', '/v1/message:stream', '/tasks/1/events', '/acme/tasks'])(
      'have their preflight for %s answered without credentials',
      async (path) => {
        const auth = A2aAuthModule.forRoot({ authenticators: [byKey] });
        const origin = await start({ http: { cors }, imports: [auth] });
        const { status, headers, text } = await send(origin, 'OPTIONS', path, asked);
        expect([status, text]).toEqual([204, '']);
        expect(headers).toMatchObject({
          'access-control-allow-origin': PAGE,
          'access-control-allow-credentials': 'true',
          'access-control-allow-methods': 'GET, HEAD, POST, DELETE',
          'access-control-max-age': '7200',
          vary: 'Origin',
        });
        const names = headers['access-control-allow-headers']?.split(', ');
        expect(names).toEqual(
          expect.arrayContaining([
            'Authorization',
            'A2A-Version',
            'A2A-Extensions',
            'Last-Event-ID',
            'X-Key',
            'X-Mine',
          ]),
        );
      },
    );

    it('are told so in answers, streams, cards and errors', async () => {
      const auth = A2aAuthModule.forRoot({ authenticators: [byKey] });
      const origin = await start({ http: { cors }, imports: [auth] });
      const known = { ...JSON_TYPE, origin: PAGE, 'x-key': 'right' };
      const answers = [
        [200, await send(origin, 'POST', '/', known, rpcBody())],
        [200, await send(origin, 'POST', '/', known, rpcBody('SendStreamingMessage'))],
        [200, await send(origin, 'GET', '/tasks', known)],
        [404, await send(origin, 'GET', '/tasks/none', known)],
        [200, await send(origin, 'GET', '/.well-known/agent-card.json', { origin: PAGE })],
        [401, await send(origin, 'POST', '/', { ...JSON_TYPE, origin: PAGE }, rpcBody())],
        [405, await send(origin, 'GET', '/', { origin: PAGE })],
      ] as const;
      for (const [expected, { status, headers }] of answers) {
        expect(status).toBe(expected);
        expect(headers).toMatchObject({
          'access-control-allow-origin': PAGE,
          'access-control-allow-credentials': 'true',
          'access-control-expose-headers': expect.stringContaining('A2A-Extensions'),
          vary: expect.stringContaining('Origin'),
        });
      }
    });

    it('are the only ones', async () => {
      const origin = await start({ http: { cors }, host: '0.0.0.0' });
      const other = { origin: 'https://evil.example' };
      const preflight = await send(origin, 'OPTIONS', '/', { ...asked, ...other });
      expect(preflight.headers).not.toHaveProperty('access-control-allow-origin');
      const got = await rpc(origin, other);
      expect(got.status).toBe(403);
      expect(got.headers).not.toHaveProperty('access-control-allow-origin');
      expect(got.text).toContain('A2A_CORS_ORIGINS');
      expect(runs).toBe(0);
    });

    it('may be all, then without credentials', async () => {
      const origin = await start({ http: { cors: { origins: ['*'] } } });
      const { status, headers } = await rpc(origin, { origin: 'https://evil.example' });
      expect([status, headers['access-control-allow-origin']]).toEqual([200, '*']);
      expect(headers).not.toHaveProperty('access-control-allow-credentials');
    });

    it('do not reach routes of the application', async () => {
      const origin = await start({ http: { cors }, path: '/a2a' });
      const { headers } = await send(origin, 'OPTIONS', '/mine', asked);
      expect(headers).not.toHaveProperty('access-control-allow-origin');
    });
  });

  it.each([
    [{ cors: { origins: ['*'], credentials: true } }, 'http.cors.origins has "*"'],
    [{ cors: { origins: [] } }, 'http.cors.origins is []'],
    [{ cors: { origins: ['https://app.example.com/'] } }, 'http.cors.origins has "https://app.example.com/"'],
    [{ cors: { origins: ['null'] } }, 'http.cors.origins has "null"'],
    [{ cors: { origins: [PAGE], headers: ['a b'] } }, 'http.cors.headers is ["a b"]'],
    [{ cors: { origins: [PAGE], methods: [] } }, 'http.cors.methods is not an option'],
    [{ allowedHosts: ['https://x.example'] }, "http.allowedHosts: 'https://x.example' is not a host name"],
    [{ allowedHosts: ['x.example:80'] }, "http.allowedHosts: 'x.example:80' is not a host name"],
    [{ allowedHosts: 'x.example' }, 'http.allowedHosts must be an array'],
  ])('need options that make sense: %j', async (http, problem) => {
    await expect(start({ http: http as TestAppOptions['http'] })).rejects.toThrow(problem);
    server = undefined;
  });
});
