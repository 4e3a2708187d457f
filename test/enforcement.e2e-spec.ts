import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import * as grpc from '@grpc/grpc-js';
import { type CanActivate, type ExecutionContext, Logger } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import https from 'node:https';
import {
  A2aAuthModule,
  A2AError,
  type Authenticator,
  clientCertificates,
  guardScheme,
  setA2aPrincipal,
} from '../src/index.js';
import type { AgentCard } from '../src/protocol/model/index.js';
import { AuthApp, BEARER } from './support/auth-app.js';
import { GrpcClient, grpcAddress, SERVICES, V10 as GRPC_V10 } from './support/grpc.client.js';
import { send } from './support/grpc-messages.js';
import { textMessage, V10 } from './support/rpc.client.js';
import { ADAPTERS, type TestApp, type TestAppOptions } from './support/test-app.js';
import { CA, CLIENT, SERVER } from './support/tls/index.js';

const needs = (name: string, ...list: string[]) => ({ schemes: { [name]: { list } } });

let auth: AuthApp;
beforeEach(() => void (auth = new AuthApp()));
afterEach(async () => {
  jest.restoreAllMocks();
  await auth.close();
});

describe('what an agent demands', () => {
  const key = (id: string, owner: string, ...scopes: string[]): Authenticator => ({
    name: id,
    scheme: { apiKeySecurityScheme: { location: 'header', name: `x-${id}` } },
    authenticate: ({ headers }) => (headers[`x-${id}`] === 'ok' ? { owner, claims: { scopes } } : null),
  });
  const ok = (...names: string[]) => Object.fromEntries(names.map((name) => [`x-${name}`, 'ok']));

  it('is enforced: its own schemes and scopes, all schemes of an alternative, or none', async () => {
    const agents = [
      auth.recorder({ id: 'any', default: true }),
      auth.recorder({ id: 'admins', default: false, securityRequirements: [needs('a', 'admin')] }),
      auth.recorder({
        id: 'both',
        default: false,
        securityRequirements: [{ schemes: { b: { list: [] }, c: { list: ['sign'] } } }],
      }),
      auth.recorder({ id: 'open', default: false, securityRequirements: [] }),
    ];
    await auth.serve(
      { authenticators: [key('a', 'ann', 'admin'), key('b', 'ben'), key('c', 'cat', 'sign')] },
      { agents },
    );
    const at = (agent: string, ...names: string[]) => auth.status(ok(...names), `agents/${agent}`);
    expect(await Promise.all([at('any'), at('any', 'a'), at('any', 'b')])).toEqual([401, 200, 200]);
    expect(await Promise.all([at('admins', 'a'), at('admins', 'b'), at('admins')])).toEqual([200, 401, 401]);
    expect(await Promise.all([at('both', 'b'), at('both', 'c'), at('both', 'b', 'c')])).toEqual([401, 401, 200]);
    expect(await Promise.all([at('open'), at('open', 'b')])).toEqual([200, 200]);
    const owners = (agent: string) => auth.callers.filter((caller) => caller.agent === agent).map(({ owner }) => owner);
    expect(owners('both')).toEqual(['ben']);
    expect(owners('open').sort()).toEqual(['anonymous', 'ben']);
    const card = (await (
      await fetch(`${auth.app.origin}/agents/both/.well-known/agent-card.json`, { headers: V10 })
    ).json()) as AgentCard;
    expect(card.securityRequirements).toEqual([{ schemes: { b: { list: [] }, c: { list: ['sign'] } } }]);
    expect(Object.keys(card.securitySchemes!)).toEqual(['a', 'b', 'c']);
  });

  it('may be nothing, yet wrong credentials make nobody anonymous', async () => {
    await auth.serve({ authenticators: [key('a', 'ann')], allowAnonymous: true });
    expect(await auth.status({})).toBe(200);
    expect(auth.callers[0]).toMatchObject({ owner: 'anonymous' });
    expect(await auth.withToken('what-is-this')).toBe(401);
    expect(await auth.status(ok('a'))).toBe(200);
  });

  it.each<[string, () => unknown, number]>([
    ['nobody', () => ({ owner: '' }), 401],
    ['anonymous', () => ({ owner: 'anonymous' }), 401],
    ['an owner that no database takes', () => ({ owner: 'a\0b' }), 401],
    ['who has expired', () => ({ owner: 'ann', expiresAt: new Date(0) }), 401],
    ['what is wrong with the credentials', () => { throw new A2AError('UNAUTHENTICATED', 'Log in again.'); }, 401],
    ['claims that are none', () => ({ owner: 'ann', claims: 'admin' }), 500],
    ['an error', () => Promise.reject(new Error('connect to db.internal')), 500],
  ])('an authenticator that says %s lets nobody in', async (_, answer, expected) => {
    jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    await auth.serve({ authenticators: [{ name: 'own', scheme: BEARER, authenticate: answer as Authenticator['authenticate'] }] });
    expect(await auth.status({})).toBe(expected);
    expect(auth.callers).toEqual([]);
  }); // prettier-ignore
});

describe('guards of the application', () => {
  class PassportLikeGuard implements CanActivate {
    canActivate(context: ExecutionContext): boolean {
      const request = context.switchToHttp().getRequest<{ headers: Record<string, string | undefined> }>();
      const owner = request.headers['x-user'];
      if (owner) setA2aPrincipal(request, { owner, claims: { scopes: ['use'] } });
      return true;
    }
  }
  const guard = { provide: APP_GUARD, useClass: PassportLikeGuard };

  it.each(ADAPTERS)('keep working, and their scheme is enforced, on %s', async (adapter) => {
    const options = { authenticators: [guardScheme('bearer', BEARER)], requiredScopes: ['use'] };
    await auth.serve(options, { adapter, agents: [auth.recorder(), guard] });
    expect(await Promise.all([auth.status({ 'x-user': 'alice' }), auth.status({})])).toEqual([200, 401]);
    expect(auth.callers).toEqual([expect.objectContaining({ owner: 'alice', claims: { scopes: ['use'] } })]);
  });

  it('are not asked for scopes that they did not set', async () => {
    const options = { authenticators: [guardScheme('bearer', BEARER)], requiredScopes: ['admin'] };
    await auth.serve(options, { agents: [auth.recorder(), guard] });
    expect(await auth.status({ 'x-user': 'alice' })).toBe(403);
  });
});

describe('client certificates', () => {
  it('name the owner over HTTP, and those without one are refused', async () => {
    const tls = { ...SERVER, ca: CA, requestCert: true, rejectUnauthorized: false };
    await auth.serve({ authenticators: [clientCertificates()] }, { https: tls });
    const call = (certificate: object): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        const headers = { 'content-type': 'application/json', ...V10 };
        const request = https.request(
          `${auth.app.origin}/`,
          { method: 'POST', ca: CA, headers, ...certificate },
          (response) => {
            response.resume();
            resolve(response.statusCode);
          },
        );
        request.on('error', reject);
        request.end(
          JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'SendMessage', params: { message: textMessage('hi') } }),
        );
      });
    expect(await call(CLIENT)).toBe(200);
    expect(await call({})).toBe(401);
    expect(auth.callers).toEqual([expect.objectContaining({ owner: 'alice' })]);
  });

  it('name the owner over gRPC', async () => {
    await auth.serve(
      { authenticators: [clientCertificates()] },
      { grpc: { port: 0, tls: { ...SERVER, clientCa: CA } } },
    );
    const client = new GrpcClient(
      await grpcAddress(auth.app),
      grpc.credentials.createSsl(CA, CLIENT.key, CLIENT.cert),
      {
        'grpc.ssl_target_name_override': 'localhost',
      },
    );
    expect((await client.unary(SERVICES['1.0']['sendMessage'], send(), GRPC_V10)).error).toBeUndefined();
    client.close();
    expect(auth.callers).toEqual([expect.objectContaining({ owner: 'alice' })]);
  });
});

describe('a scheme that is declared by hand', () => {
  const declaring = (options: Partial<TestAppOptions> = {}): Promise<TestApp> =>
    auth.serve(undefined, { agents: [auth.recorder({ securitySchemes: { mine: BEARER } })], ...options });

  it('and that nobody enforces is one warning on loopback', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    await declaring();
    const about = warn.mock.calls.map(([text]) => String(text)).filter((text) => text.includes("'mine'"));
    expect(about).toEqual([
      expect.stringMatching(/which no authenticator enforces\. Give it an authenticator in A2aAuthModule/),
    ]);
  });

  it('and that nobody enforces fails the boot of what clients call from elsewhere', async () => {
    const publicUrl = 'https://agents.example.com';
    await expect(declaring({ publicUrl })).rejects.toThrow(
      /'mine', which no authenticator enforces\. Yet clients call it at https:/,
    );
    const grpcOptions = { port: 0, host: '0.0.0.0', authenticate: 'anonymous' } as const;
    await expect(declaring({ grpc: grpcOptions })).rejects.toThrow(/gRPC listens on 0\.0\.0\.0, which is not loopback/);
  });

  it.each(ADAPTERS)('and that nobody enforces fails listen() beyond loopback, on %s', async (adapter) => {
    jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    await expect(declaring({ adapter, host: '0.0.0.0' })).rejects.toThrow(
      /it listens on 0\.0\.0\.0, which is not loopback/,
    );
  });

  it('is fine with an authenticator of its name', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    const imports = [A2aAuthModule.forRoot({ authenticators: [guardScheme('mine', BEARER)] })];
    await declaring({ imports, host: '0.0.0.0' });
    expect(warn).not.toHaveBeenCalled();
    expect(await auth.status({})).toBe(401);
  });

  it('is absent, and callers are anonymous: a warning beyond loopback', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    await auth.serve(undefined, { host: '0.0.0.0' });
    expect(warn.mock.calls.map(([text]) => String(text))).toEqual([
      expect.stringMatching(/^All callers are anonymous/),
    ]);
  });
});
