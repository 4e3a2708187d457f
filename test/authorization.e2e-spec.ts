import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { generateKeyPair } from 'jose';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { A2aAuthModule, apiKeys, newApiKey, oidc, trustedGateway } from '../src/index.js';
import { formatApiKeys } from '../src/security/authentication/api-keys/api-key-records.js';
import type { ApiKeyRecord } from '../src/security/authentication/api-keys/api-key.js';
import { agentOf } from './support/agent-of.js';
import { type Binding, BINDINGS, type Call, callsOf, CODES, type Outcome, say } from './support/oidc/bindings.js';
import { AUDIENCE, OidcServer } from './support/oidc/oidc.server.js';
import { ADAPTERS, TestApp } from './support/test-app.js';

const SECRET = 'the-content-of-alice';
const HOOK_TOKEN = 'the-webhook-token-of-alice';
const GATEWAY_SECRET = 'a-secret-that-only-the-gateway-knows';

type Headers = Record<string, string>;
const bearer = (token: string): Headers => ({ authorization: `Bearer ${token}` });
const b64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** How a caller that is not alice is answered: as one who is not known, lacks a scope, or has no such task. */
type Expected = 'unknown' | 'forbidden' | 'foreign';

describe.each(ADAPTERS)('who may do what, on %s', (adapter) => {
  let server: OidcServer;
  let app: TestApp;
  let calls: Awaited<ReturnType<typeof callsOf>>;
  let alice: Headers;
  let directory: string;
  let attackers: readonly (readonly [name: string, headers: Headers, expected: Expected])[];
  const written: string[] = [];
  const secrets: string[] = [];

  const keyed = (fields: Partial<ApiKeyRecord>): { headers: Headers; record: ApiKeyRecord } => {
    const { key, ...made } = newApiKey();
    secrets.push(key);
    return { headers: { 'x-api-key': key }, record: { ...made, owner: 'mallory', scopes: ['agents:use'], ...fields } };
  };

  beforeAll(async () => {
    for (const stream of [process.stdout, process.stderr]) {
      jest.spyOn(stream, 'write').mockImplementation((chunk) => written.push(String(chunk)) > 0);
    }
    server = await OidcServer.start([
      { id: 'alice', tenant: 'acme' },
      { id: 'bob', tenant: 'acme' },
      { id: 'carol', tenant: 'other' },
    ]);
    directory = mkdtempSync(path.join(os.tmpdir(), 'a2a-keys-'));
    const file = path.join(directory, 'keys.json');
    const keys = {
      mallory: keyed({ tenant: 'acme' }),
      aliceElsewhere: keyed({ owner: 'alice', tenant: 'other' }),
      expired: keyed({ owner: 'alice', tenant: 'acme', expiresAt: new Date(Date.now() - 1000).toISOString() }),
      revoked: keyed({ owner: 'alice', tenant: 'acme', revokedAt: new Date().toISOString() }),
      scopeless: keyed({ owner: 'alice', tenant: 'acme', scopes: [] }),
      unknown: keyed({}),
    };
    const { unknown, ...stored } = keys;
    writeFileSync(file, formatApiKeys(Object.values(stored).map(({ record }) => record)));
    app = await TestApp.start({
      adapter,
      agents: [
        agentOf(
          async ({ userText }, updater) => {
            await updater.addArtifact(SECRET);
            if (userText === 'done') await updater.complete(SECRET);
            else await updater.requiresInput(SECRET);
          },
          { extendedCard: { skills: [{ id: 'known', name: 'K', description: 'For who is known', tags: ['k'] }] } },
        ),
      ],
      grpc: { port: 0 },
      pushNotifications: { allowedHosts: ['127.0.0.1'] },
      imports: [
        A2aAuthModule.forRoot({
          authenticators: [
            oidc({ issuer: server.issuer, audience: AUDIENCE, tenant: 'tenant', clockToleranceMs: 0 }),
            apiKeys({ file }),
            trustedGateway({
              ownerHeader: 'x-user',
              tenantHeader: 'x-tenant',
              secret: { header: 'x-gateway', value: GATEWAY_SECRET },
            }),
          ],
          requiredScopes: ['agents:use'],
        }),
      ],
    });
    calls = await callsOf(app);
    const tokens = {
      alice: await server.token('alice'),
      bob: await server.token('bob'),
      carol: await server.token('carol'),
    };
    secrets.push(...Object.values(tokens), GATEWAY_SECRET);
    alice = bearer(tokens.alice);
    const claims = { sub: 'alice' };
    const [head = '', body = ''] = tokens.alice.split('.');
    const stranger = await generateKeyPair('RS256');
    const asText = new TextEncoder().encode(await server.publicPem());
    const withScope = { 'x-user': 'alice', 'x-tenant': 'acme' };
    attackers = [
      ['nobody', {}, 'unknown'],
      ['a foreign owner of the same tenant', bearer(tokens.bob), 'foreign'],
      ['a foreign tenant', bearer(tokens.carol), 'foreign'],
      ['alice in another tenant', bearer(await server.signed({ ...claims, tenant: 'other' })), 'foreign'],
      ['alice without the scope', bearer(await server.token('alice', '')), 'forbidden'],
      ['alice with another scope', bearer(await server.token('alice', 'agents:admin')), 'forbidden'],
      ['an expired token', bearer(await server.signed({ ...claims, exp: Math.floor(Date.now() / 1000) - 1 })), 'unknown'],
      ['a token that is not valid yet', bearer(await server.signed({ ...claims, nbf: Math.floor(Date.now() / 1000) + 600 })), 'unknown'],
      ['a token without an expiry', bearer(await server.signed({ ...claims, exp: undefined })), 'unknown'],
      ['the wrong audience', bearer(await server.signed({ ...claims, aud: 'urn:others' })), 'unknown'],
      ['no audience', bearer(await server.signed({ ...claims, aud: undefined })), 'unknown'],
      ['another issuer', bearer(await server.signed({ ...claims, iss: 'https://evil.example' })), 'unknown'],
      ['a token without a tenant', bearer(await server.signed({ ...claims, tenant: undefined })), 'unknown'],
      ['a token of anonymous', bearer(await server.signed({ sub: 'anonymous' })), 'unknown'],
      ['alg none', bearer(`${b64({ alg: 'none', typ: 'JWT' })}.${body}.`), 'unknown'],
      ['alg none with a signature', bearer(`${b64({ alg: 'none' })}.${body}.${head}`), 'unknown'],
      ['HS256 with the public key', bearer(await server.signed(claims, { alg: 'HS256', key: asText })), 'unknown'],
      ['a key of a stranger under the known kid', bearer(await server.signed(claims, { key: stranger.privateKey })), 'unknown'],
      ['a changed token', bearer(tokens.alice.replace(body, b64({ sub: 'alice', iss: server.issuer }))), 'unknown'],
      ['a cut token', bearer(tokens.alice.slice(0, -8)), 'unknown'],
      ['credentials of another scheme', { authorization: 'Basic YWxpY2U6YWxpY2U=' }, 'unknown'],
      ['an API key of a foreign owner', keys.mallory.headers, 'foreign'],
      ['an API key of alice in another tenant', keys.aliceElsewhere.headers, 'foreign'],
      ['an expired API key', keys.expired.headers, 'unknown'],
      ['a revoked API key', keys.revoked.headers, 'unknown'],
      ['an API key without the scope', keys.scopeless.headers, 'forbidden'],
      ['an API key that is not stored', unknown.headers, 'unknown'],
      ['an API key with another secret', { 'x-api-key': `${keys.mallory.headers['x-api-key']!.slice(0, 30)}${'x'.repeat(34)}` }, 'unknown'],
      ['what is no API key', { 'x-api-key': "a2a_' or 1=1" }, 'unknown'],
      ["a gateway's header from elsewhere", withScope, 'unknown'],
      ["a gateway's header with a wrong secret", { ...withScope, 'x-gateway': 'guessed' }, 'unknown'],
      ["alice by the gateway, which names no scopes", { ...withScope, 'x-gateway': GATEWAY_SECRET }, 'forbidden'],
    ]; // prettier-ignore
  });

  afterAll(async () => {
    calls?.close();
    await app?.close();
    await server?.close();
    rmSync(directory, { recursive: true, force: true });
    jest.restoreAllMocks();
  });

  /** What an attacker who knows the ids would try. */
  const attempts = (taskId: string): readonly (readonly [operation: string, request: object])[] => [
    ['GetTask', { id: taskId }],
    ['SubscribeToTask', { id: taskId }],
    ['SendMessage', say('more', { taskId })],
    ['SendStreamingMessage', say('more', { taskId })],
    ['ListTaskPushNotificationConfigs', { taskId }],
    ['CreateTaskPushNotificationConfig', { taskId, url: 'http://127.0.0.1:9/hook' }],
    ['CancelTask', { id: taskId }],
    ['ListTasks', {}],
  ];

  const idOf = ({ text }: Outcome): string => /"id":"([^"]+)"/.exec(text)?.[1] ?? '';

  function judged(binding: Binding, operation: string, outcome: Outcome, expected: Expected, taskId: string): string[] {
    const { unknown, forbidden } = CODES[binding];
    const problems = [SECRET, HOOK_TOKEN].filter((content) => outcome.text.includes(content));
    if (operation === 'ListTasks' && outcome.text.includes(taskId)) problems.push('the id');
    const reason = { unknown: 'UNAUTHENTICATED', forbidden: 'PERMISSION_DENIED', foreign: operation === 'ListTasks' ? undefined : 'TASK_NOT_FOUND' }[expected]; // prettier-ignore
    if (outcome.reason !== reason) problems.push(`${outcome.reason} instead of ${reason}`);
    const status = { unknown, forbidden, foreign: undefined }[expected];
    if (status !== undefined && outcome.status !== status)
      problems.push(`status ${outcome.status} instead of ${status}`);
    if (expected !== 'foreign' && !outcome.challenge?.startsWith('Bearer'))
      problems.push(`challenge ${outcome.challenge}`);
    return problems;
  }

  it.each(BINDINGS)(
    'a task of alice is neither seen nor changed by anybody else over %s',
    async (binding) => {
      const call: Call = calls[binding];
      const made = await call('SendMessage', say('begin'), alice);
      const taskId = idOf(made);
      expect(made).toMatchObject({ reason: undefined });
      const config = { taskId, url: 'http://127.0.0.1:9/hook', token: HOOK_TOKEN };
      expect((await call('CreateTaskPushNotificationConfig', config, alice)).reason).toBeUndefined();
      const before = (await call('GetTask', { id: taskId }, alice)).text;
      const leaks: string[] = [];
      for (const [name, headers, expected] of attackers) {
        for (const [operation, request] of attempts(taskId)) {
          const outcome = await call(operation, request, headers);
          const problems = judged(binding, operation, outcome, expected, taskId);
          leaks.push(...problems.map((problem) => `${name}: ${operation}: ${problem}`));
        }
      }
      expect(leaks).toEqual([]);
      expect((await call('GetTask', { id: taskId }, alice)).text).toBe(before);
      expect((await call('ListTasks', {}, alice)).text).toContain(taskId);
    },
    120_000,
  );

  it('the extended card is for who is known, over each binding', async () => {
    for (const binding of BINDINGS) {
      expect(await calls[binding]('GetExtendedAgentCard', {}, {})).toMatchObject({ reason: 'UNAUTHENTICATED' });
      const { text } = await calls[binding]('GetExtendedAgentCard', {}, alice);
      expect(text).toContain('For who is known');
    }
  });

  it('the card says how to authenticate, in both versions, and nothing that is secret', async () => {
    const card = async (version: string) =>
      (await fetch(`${app.origin}/.well-known/agent-card.json`, { headers: { 'A2A-Version': version } })).json() as Promise<Record<string, unknown>>; // prettier-ignore
    const openIdConnectUrl = `${server.issuer}/.well-known/openid-configuration`;
    expect(await card('1.0')).toMatchObject({
      securitySchemes: {
        oidc: { openIdConnectSecurityScheme: { openIdConnectUrl } },
        apiKey: { apiKeySecurityScheme: { location: 'header', name: 'X-API-Key' } },
      },
      securityRequirements: [
        { schemes: { oidc: { list: ['agents:use'] } } },
        { schemes: { apiKey: { list: ['agents:use'] } } },
      ],
    });
    const older = await card('0.3');
    expect(older).toMatchObject({
      securitySchemes: { oidc: { type: 'openIdConnect', openIdConnectUrl }, apiKey: { type: 'apiKey', in: 'header' } },
      security: [{ oidc: ['agents:use'] }, { apiKey: ['agents:use'] }],
    });
    expect(JSON.stringify(older)).not.toContain('gateway');
  });

  it('a refusal comes before the body, and says what is wrong with the token', async () => {
    const token = await server.signed({ sub: 'alice', aud: 'urn:others' });
    const request = http.request(`${app.origin}/`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': 1_000_000, ...bearer(token) },
    });
    request.on('error', () => undefined).flushHeaders();
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    expect(response.statusCode).toBe(401);
    expect(response.headers['www-authenticate']).toBe('Bearer error="invalid_token", scope="agents:use"');
    const [text] = (await once(response, 'data')) as [Buffer];
    request.destroy();
    expect(text.toString()).toContain("its claim 'aud' is not the expected one");
    const forbidden = await calls['JSON-RPC']('ListTasks', {}, bearer(await server.token('alice', '')));
    expect(forbidden.challenge).toBe('Bearer error="insufficient_scope", scope="agents:use"');
    expect((await calls['JSON-RPC']('ListTasks', {}, {})).challenge).toBe('Bearer scope="agents:use"');
  });

  it.each(BINDINGS)('a stream over %s ends when the token of its caller expires', async (binding) => {
    const taskId = idOf(await calls[binding]('SendMessage', say('begin'), alice));
    // Time enough to be let in on a busy machine.
    const exp = Math.ceil(Date.now() / 1000) + 3;
    const outcome = await calls[binding](
      'SubscribeToTask',
      { id: taskId },
      bearer(await server.signed({ sub: 'alice', exp })),
    );
    expect(outcome.text).toContain(taskId);
    expect(Date.now()).toBeGreaterThanOrEqual(exp * 1000);
  });

  it('nothing secret is in the logs', async () => {
    await sleep(10);
    expect(written.length).toBeGreaterThanOrEqual(0);
    expect(secrets.length).toBeGreaterThan(5);
    for (const secret of secrets) expect(written.join('')).not.toContain(secret);
  });
});
