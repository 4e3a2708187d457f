import { afterEach, describe, expect, it } from '@jest/globals';
import { type CanActivate, type ExecutionContext, Injectable, UnauthorizedException } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { Gate } from '../../../test/support/agent-of.js';
import { RpcHarness, TASK, message, V1 } from '../../../test/support/rpc-harness.js';
import { ADAPTERS, fakeAgent } from '../../../test/support/transport-app.js';
import { untilAborted } from '../../../test/support/until-aborted.js';
import { setA2aPrincipal } from '../../security/principal.js';

describe.each(ADAPTERS)('JSON-RPC callers on %s', (adapter) => {
  const harness = new RpcHarness(adapter);
  const { start, rpc } = harness;

  afterEach(() => harness.stop());

  it('keeps the headers of CORS and of middleware', async () => {
    await start({
      configure: (app) => {
        app.enableCors({ origin: 'https://client.example' });
        app.use((_request: unknown, response: { setHeader(name: string, value: string): void }, next: () => void) => {
          response.setHeader('x-frame-options', 'DENY');
          next();
        });
      },
    });
    const { headers } = await rpc('GetTask', { id: 't1' }, { origin: 'https://client.example' });
    expect(headers.get('access-control-allow-origin')).toBe('https://client.example');
    expect(headers.get('x-frame-options')).toBe('DENY');
  });

  describe('with a guard', () => {
    @Injectable()
    class Guard implements CanActivate {
      canActivate(context: ExecutionContext): boolean {
        const http = context.switchToHttp();
        const request = http.getRequest<{ headers: Record<string, string | undefined> }>();
        const response = http.getResponse<{ header(name: string, value: string): void }>();
        const user = request.headers['authorization'];
        if (user === undefined) {
          response.header('WWW-Authenticate', 'Bearer');
          throw new UnauthorizedException('Who are you?');
        }
        if (user === 'mallory') return false;
        setA2aPrincipal(request, { owner: user, tenant: 'acme' });
        return true;
      }
    }
    const metadata = { providers: [{ provide: APP_GUARD, useClass: Guard }] };

    it('B6, I3: calls in the name of the principal', async () => {
      await start({ metadata });
      await rpc('SendMessage', { message: message('hi') }, { authorization: 'alice' });
      expect(harness.seen.context).toMatchObject({ owner: 'alice', tenant: 'acme' });
      await rpc('SendMessage', { message: message('hi'), tenant: 'acme' }, { authorization: 'bob' });
      expect(harness.seen.context).toMatchObject({ owner: 'bob', tenant: 'acme' });
    });

    it('refuses another tenant than that of the principal', async () => {
      await start({ metadata });
      const { body } = await rpc(
        'SendMessage',
        { message: message('hi'), tenant: 'other' },
        { authorization: 'alice' },
      );
      expect(body.error?.code).toBe(-32602);
      expect(harness.seen.context).toBeUndefined();
    });

    it('B2, B3, B4: answers what the guard throws with its status, its headers and a JSON-RPC error', async () => {
      await start({ metadata });
      const nobody = await rpc('GetTask', { id: 't1' });
      expect(nobody.status).toBe(401);
      expect(nobody.headers.get('www-authenticate')).toBe('Bearer');
      expect(nobody.body).toMatchObject({ jsonrpc: '2.0', id: null, error: { message: 'Who are you?' } });
      const refused = await rpc('GetTask', { id: 't1' }, { authorization: 'mallory' });
      expect(refused.status).toBe(403);
      expect(refused.body).toMatchObject({ jsonrpc: '2.0', id: null });
    });
  });

  it('takes the tenant from the request when no principal has one', async () => {
    await start();
    await rpc('SendMessage', { message: message('hi'), tenant: 'acme' });
    expect(harness.seen.context?.tenant).toBe('acme');
  });

  it('H4, H7, X21: reads the wanted extensions and answers those that the agent has, under the name the client used', async () => {
    const agents = [fakeAgent('echo', { default: true, extensions: [{ uri: 'https://x/1' }, { uri: 'https://x/2' }] })];
    await start({ agents });
    const { headers } = await rpc(
      'SendMessage',
      { message: message('hi') },
      { 'a2a-extensions': 'https://x/2, https://x/9,https://x/2' },
    );
    expect(harness.seen.context?.requestedExtensions).toEqual(['https://x/2', 'https://x/9']);
    expect(headers.get('a2a-extensions')).toBe('https://x/2');
    const older = await rpc('tasks/get', { id: 't1' }, { 'a2a-version': '', 'x-a2a-extensions': 'https://x/1' });
    expect(older.headers.get('x-a2a-extensions')).toBe('https://x/1');
    expect(older.headers.get('a2a-extensions')).toBeNull();
  });

  it('tells the handler when the client leaves', async () => {
    const arrived = new Gate();
    const left = new Gate();
    await start({
      handler: {
        sendMessage: async (_request, _context, { signal } = {}) => {
          arrived.open();
          await untilAborted({ signal: signal! });
          left.open();
          return { task: TASK };
        },
      },
    });
    const abort = new AbortController();
    const call = fetch(harness.app.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...V1 },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'SendMessage', params: { message: message('hi') } }),
      signal: abort.signal,
    });
    await arrived.opened;
    abort.abort();
    await expect(call).rejects.toThrow();
    await left.opened;
  });
});
