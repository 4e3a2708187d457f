import { afterEach, describe, expect, it } from '@jest/globals';
import {
  type CanActivate,
  type ExecutionContext,
  HttpException,
  Injectable,
  UnauthorizedException,
} from '@nestjs/common';
import { APP_GUARD, Reflector } from '@nestjs/core';
import { message, protoMessage, RestHarness } from '../../../test/support/rest-harness.js';
import { ADAPTERS, fakeAgent } from '../../../test/support/transport-app.js';
import { A2AError, invalidAgentResponse, taskNotFound } from '../../protocol/errors/index.js';
import { setA2aPrincipal } from '../../security/principal.js';
import { A2aRoute } from '../http/a2a-route.decorator.js';

const NO_VERSION = { 'a2a-version': '' };
const send = { message: message('hi') };

describe.each(ADAPTERS)('callers of HTTP+JSON on %s', (adapter) => {
  const harness = new RestHarness(adapter);
  const { start, call } = harness;

  afterEach(() => harness.stop());

  it('I2, X4: takes the tenant of the path or of the request, and refuses two that differ', async () => {
    await start();
    await call('POST', '/acme/message:send', send);
    expect(harness.seen).toMatchObject({ context: { tenant: 'acme' }, request: { tenant: 'acme' } });
    await call('POST', '/message:send', { ...send, tenant: 'globex' });
    expect(harness.seen?.context.tenant).toBe('globex');
    await call('POST', '/acme/message:send', { ...send, tenant: 'acme' });
    expect(harness.seen?.context.tenant).toBe('acme');
    await call('POST', '/acme/message:send', { ...send, tenant: '' });
    expect(harness.seen?.context.tenant).toBe('acme');
    const both = await call('POST', '/acme/message:send', { ...send, tenant: 'globex' });
    expect(both.status).toBe(400);
    expect(both.body).toMatchObject({ error: { details: [{}, { fieldViolations: [{ field: 'tenant' }] }] } });
    expect(harness.seen).toBeUndefined();
  });

  it('refuses an id in the body that is not that of the address', async () => {
    await start();
    const { status, body } = await call('POST', '/tasks/x:cancel', { id: 'y' });
    expect(status).toBe(400);
    expect(body).toMatchObject({ error: { details: [{}, { fieldViolations: [{ field: 'id' }] }] } });
    const older = await call('POST', '/v1/tasks/x:cancel', { name: 'tasks/y' }, NO_VERSION);
    expect(older).toMatchObject({ status: 400, body: { data: { violations: [{ field: 'name' }] } } });
    expect((await call('POST', '/v1/tasks/x:cancel', { name: 'tasks/x' }, NO_VERSION)).status).toBe(200);
  });

  it('answers the extensions that the agent has, under the name the client used', async () => {
    await start({ agents: [fakeAgent('echo', { default: true, extensions: [{ uri: 'urn:x' }, { uri: 'urn:y' }] })] });
    const newer = await call('POST', '/message:send', send, { 'a2a-extensions': 'urn:y, urn:z' });
    expect(newer.headers.get('a2a-extensions')).toBe('urn:y');
    expect(harness.seen?.context.requestedExtensions).toEqual(['urn:y', 'urn:z']);
    const older = { ...NO_VERSION, 'x-a2a-extensions': 'urn:x' };
    const { headers } = await call('POST', '/v1/message:stream', { message: protoMessage('hi') }, older);
    expect(headers.get('x-a2a-extensions')).toBe('urn:x');
  });

  it('keeps the headers of CORS and of middleware', async () => {
    await start({ configure: (app) => app.enableCors({ origin: 'https://client.example' }) });
    const origin = { origin: 'https://client.example' };
    for (const path of ['/tasks/x', '/tasks/x:subscribe', '/tasks/x?historyLength=x', '/agents/none/tasks']) {
      const { headers } = await call('GET', path, undefined, origin);
      expect(headers.get('access-control-allow-origin')).toBe('https://client.example');
    }
    const preflight = { ...origin, 'access-control-request-method': 'POST' };
    const { status, headers } = await call('OPTIONS', '/message:send', undefined, preflight);
    expect([status, headers.get('access-control-allow-methods')]).toEqual([204, expect.stringContaining('POST')]);
  });

  describe('with a guard', () => {
    @Injectable()
    class Guard implements CanActivate {
      constructor(private readonly reflector: Reflector) {}

      canActivate(context: ExecutionContext): boolean {
        if (this.reflector.get(A2aRoute, context.getClass()) !== 'rest') throw new Error('not marked as HTTP+JSON');
        const http = context.switchToHttp();
        const request = http.getRequest<{ headers: Record<string, string | undefined> }>();
        const user = request.headers['authorization'];
        if (user === undefined) {
          http.getResponse<{ header(name: string, value: string): void }>().header('WWW-Authenticate', 'Bearer');
          throw new UnauthorizedException('Who are you?');
        }
        if (user === 'mallory') return false;
        if (user === 'broken') throw new Error('password=hunter2');
        if (user === 'hasty') throw new HttpException('Slow down', 429);
        if (user === 'odd') throw new HttpException('Gone fishing', 410);
        setA2aPrincipal(request, { owner: user, tenant: 'acme' });
        return true;
      }
    }
    const metadata = { providers: [{ provide: APP_GUARD, useClass: Guard }] };

    it('calls in the name of the principal, for its tenant only', async () => {
      await start({ metadata });
      await call('GET', '/tasks/x', undefined, { authorization: 'alice' });
      expect(harness.seen?.context).toMatchObject({ owner: 'alice', tenant: 'acme' });
      await call('GET', '/acme/tasks/x', undefined, { authorization: 'alice' });
      expect(harness.seen?.context).toMatchObject({ owner: 'alice', tenant: 'acme' });
      expect((await call('GET', '/globex/tasks/x', undefined, { authorization: 'alice' })).status).toBe(400);
      expect(harness.seen).toBeUndefined();
    });

    it.each([
      ['nobody', 401, 'UNAUTHENTICATED', 'UNAUTHENTICATED', -32041],
      ['mallory', 403, 'PERMISSION_DENIED', 'PERMISSION_DENIED', -32043],
      ['hasty', 429, 'RESOURCE_EXHAUSTED', 'RESOURCE_EXHAUSTED', -32049],
      ['odd', 410, 'INVALID_ARGUMENT', 'INVALID_REQUEST', -32600],
      ['broken', 500, 'INTERNAL', 'INTERNAL', -32603],
    ])('B2, B4: answers %s with %i in the form of the version', async (user, code, status, reason, jsonRpcCode) => {
      await start({ metadata });
      const headers: Record<string, string> = user === 'nobody' ? {} : { authorization: user };
      for (const path of ['/tasks/x', '/tasks/x:subscribe', '/acme/tasks']) {
        const answer = await call('GET', path, undefined, headers);
        expect(answer.status).toBe(code);
        expect(answer.headers.get('content-type')).toBe('application/a2a+json');
        expect(answer.body).toMatchObject({ error: { code, status, details: [{ reason }] } });
        expect(answer.text).not.toContain('hunter2');
        if (user === 'nobody') expect(answer.headers.get('www-authenticate')).toBe('Bearer');
      }
      const older = await call('GET', '/v1/tasks/x', undefined, { ...headers, ...NO_VERSION });
      expect(older).toMatchObject({ status: code, body: { code: jsonRpcCode, data: { reason } } });
    });
  });

  it.each([
    [taskNotFound('x'), 404, 'NOT_FOUND', -32001],
    [invalidAgentResponse('no'), 500, 'INTERNAL', -32006],
    [new A2AError('UNAVAILABLE', 'busy', { retryAfter: 1.2 }), 503, 'UNAVAILABLE', -32053],
    [new Error('password=hunter2'), 500, 'INTERNAL', -32603],
  ])('J7: answers %s with its status', async (error, code, status, jsonRpcCode) => {
    await start({ handler: { getTask: () => Promise.reject(error) } });
    const answer = await call('GET', '/tasks/x');
    expect(answer).toMatchObject({ status: code, body: { error: { code, status } } });
    expect(answer.text).not.toContain('hunter2');
    expect(answer.headers.get('retry-after')).toBe(code === 503 ? '2' : null);
    const older = await call('GET', '/v1/tasks/x', undefined, NO_VERSION);
    expect(older).toMatchObject({ status: code, body: { code: jsonRpcCode } });
    expect(older.body).not.toHaveProperty('error');
  });

  it('B3: names the schemes of an agent that wants to know its caller', async () => {
    const securitySchemes = { bearer: { httpAuthSecurityScheme: { scheme: 'bearer' } } };
    await start({
      agents: [fakeAgent('echo', { default: true, securitySchemes })],
      handler: { getTask: () => Promise.reject(new A2AError('UNAUTHENTICATED', 'Log in.')) },
    });
    const { status, headers } = await call('GET', '/tasks/x');
    expect([status, headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
  });

  it('says which agents there are not', async () => {
    await start({ agents: [fakeAgent('only')] });
    expect(await call('GET', '/tasks/x')).toMatchObject({
      status: 404,
      body: { error: { code: 404, status: 'NOT_FOUND', message: 'There is no default agent here. Use /agents/{id}.' } },
    });
    expect(await call('GET', '/agents/none/v1/tasks/x', undefined, NO_VERSION)).toMatchObject({
      status: 404,
      body: { code: -32600, message: "There is no agent 'none' here." },
    });
    expect((await call('GET', '/agents/only/tasks/x')).status).toBe(200);
  });

  it('tells the handler when the client leaves', async () => {
    let left: () => void;
    const gone = new Promise<void>((resolve) => (left = resolve));
    let begun: () => void;
    const started = new Promise<void>((resolve) => (begun = resolve));
    await start({
      handler: {
        sendMessage: (_request, _context, { signal } = {}) => {
          begun();
          return new Promise(() => signal?.addEventListener('abort', () => left()));
        },
      },
    });
    const abort = new AbortController();
    const headers = { 'content-type': 'application/json', 'a2a-version': '1.0' };
    const body = JSON.stringify(send);
    const answer = fetch(`${harness.app.url}/message:send`, { method: 'POST', headers, body, signal: abort.signal });
    await started;
    abort.abort();
    await expect(answer).rejects.toThrow();
    await gone;
  });
});
