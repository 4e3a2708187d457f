import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  ClientFactory,
  ClientFactoryOptions,
  createAuthenticatingFetchWithRetry,
  JsonRpcTransportFactory,
} from '@a2a-js/sdk/client';
import { Logger } from '@nestjs/common';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from '../src/client/index.js';
import { apiKeys, newApiKey, oidc, type OidcOptions } from '../src/index.js';
import type { AgentCard } from '../src/protocol/model/index.js';
import { formatApiKeys } from '../src/security/authentication/api-keys/api-key-records.js';
import { AuthApp } from './support/auth-app.js';
import { send } from './support/grpc-messages.js';
import { AUDIENCE, OidcServer } from './support/oidc/oidc.server.js';
import { V10 } from './support/rpc.client.js';

let server: OidcServer | undefined;
let auth: AuthApp;
beforeEach(() => void (auth = new AuthApp()));
afterEach(async () => {
  jest.restoreAllMocks();
  await auth.close();
  await server?.close();
  server = undefined;
});

describe('tokens of an OpenID Connect issuer', () => {
  const oidcApp = async (options: Partial<OidcOptions> = {}): Promise<void> => {
    server = await OidcServer.start([{ id: 'alice', tenant: 'acme', roles: ['approver'] }]);
    await auth.serve({ authenticators: [oidc({ issuer: server.issuer, audience: AUDIENCE, ...options })] });
  };

  it('name the owner, the tenant, scopes, roles and further claims, as the options say', async () => {
    await oidcApp({ tenant: 'tenant', roles: 'realm_access.roles', claims: ['client_id'] });
    expect(await auth.withToken(await server!.token('alice'))).toBe(200);
    expect(auth.callers).toEqual([
      expect.objectContaining({
        owner: 'alice',
        tenant: 'acme',
        claims: { scopes: ['agents:use'], roles: ['approver'], client_id: 'alice' },
      }),
    ]);
  });

  it('of a new key are accepted at once, in the middle of the traffic of the old one', async () => {
    await oidcApp({ keysCooldownMs: 0 });
    const old = await server!.token('alice');
    expect(await auth.withToken(old)).toBe(200);
    await server!.rotate();
    const fresh = await server!.token('alice');
    expect(
      await Promise.all([auth.withToken(old), auth.withToken(fresh), auth.withToken(old), auth.withToken(fresh)]),
    ).toEqual([200, 200, 200, 200]);
  });

  it('of a key that is gone are refused as soon as the keys are fetched again', async () => {
    await oidcApp({ keysCooldownMs: 0, cacheMs: 0 });
    const old = await server!.token('alice');
    expect(await auth.withToken(old)).toBe(200);
    await server!.rotate();
    expect(await auth.withToken(await server!.token('alice'))).toBe(200);
    expect(await auth.withToken(old)).toBe(401);
  });

  it('with unknown keys do not make a request to the issuer each', async () => {
    await oidcApp();
    expect(await auth.withToken(await server!.token('alice'))).toBe(200);
    await server!.rotate();
    const before = server!.requests.length;
    for (let i = 0; i < 5; i++)
      expect(await auth.withToken(await server!.signed({ sub: 'alice', jti: String(i) }))).toBe(401);
    expect(server!.requests.length).toBe(before);
  });

  it('that are not cached get 503 while the issuer is unavailable, and cached ones are still accepted', async () => {
    await oidcApp({ keysMaxAgeMs: 1_000 });
    const known = await server!.token('alice');
    expect(await auth.withToken(known)).toBe(200);
    const fresh = await server!.token('alice', 'agents:admin');
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    server!.goAway();
    await sleep(1_100);
    expect(await auth.withToken(fresh)).toBe(503);
    expect(await auth.withToken(known)).toBe(200);
    expect(
      warn.mock.calls.map(([text]) => String(text)).filter((text) => text.includes('could not be fetched')),
    ).toHaveLength(1);
    expect(JSON.stringify(warn.mock.calls)).not.toContain(fresh);
  });

  it('are those of the issuer that a configuration belongs to', async () => {
    server = await OidcServer.start([{ id: 'alice' }]);
    const other = server.issuer.replace('127.0.0.1', 'localhost');
    jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    await auth.serve({ authenticators: [oidc({ issuer: other, audience: AUDIENCE })] });
    expect(await auth.withToken(await server.signed({ iss: other, sub: 'alice' }))).toBe(503);
  });
});

describe('API keys in a file', () => {
  it('are added and revoked while the server runs, and an unreadable file admits nobody', async () => {
    const directory = mkdtempSync(path.join(os.tmpdir(), 'a2a-keys-'));
    const file = path.join(directory, 'keys.json');
    const { key, ...made } = newApiKey();
    const record = { ...made, owner: 'alice', claims: { roles: ['bot'] } };
    jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    const becomes = async (expected: number): Promise<void> => {
      for (;;) {
        if ((await auth.status({ 'x-api-key': key })) === expected) return;
        await sleep(50);
      }
    };
    writeFileSync(file, formatApiKeys([]));
    await auth.serve({ authenticators: [apiKeys({ file })] });
    expect(await auth.status({ 'x-api-key': key })).toBe(401);
    writeFileSync(file, formatApiKeys([record]));
    await becomes(200);
    expect(auth.callers[0]).toMatchObject({ owner: 'alice', claims: { roles: ['bot'] } });
    writeFileSync(file, formatApiKeys([{ ...record, revokedAt: new Date().toISOString() }]));
    await becomes(401);
    writeFileSync(file, formatApiKeys([record]));
    await becomes(200);
    writeFileSync(file, '{"keys":');
    await becomes(503);
    rmSync(directory, { recursive: true });
  });

  it('fail the boot if there is no such file', async () => {
    const options = { authenticators: [apiKeys({ file: '/nowhere/keys.json' })] };
    await expect(auth.serve(options)).rejects.toThrow('The API keys of /nowhere/keys.json cannot be read (ENOENT).');
  });
});

describe('clients', () => {
  /** Does what the card says: finds the token endpoint at the issuer, and gets a token by client credentials. */
  const tokenAsCardSays = async (): Promise<string> => {
    const card = (await (
      await fetch(`${auth.app.origin}/.well-known/agent-card.json`, { headers: V10 })
    ).json()) as AgentCard;
    const url = card.securitySchemes!['oidc']!.openIdConnectSecurityScheme!.openIdConnectUrl;
    const { token_endpoint } = (await (await fetch(String(url))).json()) as { token_endpoint: string };
    expect(token_endpoint).toBe(`${server!.issuer}/token`);
    return server!.token('alice', card.securityRequirements![0]!.schemes['oidc']!.list.join(' '));
  };
  beforeEach(async () => {
    server = await OidcServer.start([{ id: 'alice' }]);
    const authenticators = [oidc({ issuer: server.issuer, audience: AUDIENCE })];
    await auth.serve({ authenticators, requiredScopes: ['agents:use'] });
  });

  it('of ours authenticate as the card says, when they are asked to', async () => {
    const challenges: unknown[] = [];
    const client = await connect(auth.app.origin, {
      allow: ['127.0.0.1'],
      headers: async ({ refused }): Promise<Record<string, string>> => {
        if (refused === undefined) return {};
        challenges.push(refused.challenge);
        return { authorization: `Bearer ${await tokenAsCardSays()}` };
      },
    });
    await client.sendMessage('hi');
    expect(challenges).toEqual(['Bearer scope="agents:use"']);
    expect(auth.callers).toEqual([expect.objectContaining({ owner: 'alice' })]);
  });

  it('of the official SDK do so too', async () => {
    const authenticating = createAuthenticatingFetchWithRetry(fetch, {
      headers: () => Promise.resolve({}),
      shouldRetryWithHeaders: async (_request, response) =>
        response.status === 401 ? { authorization: `Bearer ${await tokenAsCardSays()}` } : undefined,
    });
    const transports = [new JsonRpcTransportFactory({ fetchImpl: authenticating })];
    const options = ClientFactoryOptions.createFrom(ClientFactoryOptions.default, { transports });
    const client = await new ClientFactory(options).createFromUrl(auth.app.origin);
    await client.sendMessage(send());
    expect(auth.callers).toEqual([expect.objectContaining({ owner: 'alice' })]);
  });
});
