import { afterAll, afterEach, describe, expect, it, jest } from '@jest/globals';
import { AgentCard as SdkCard, verifyAgentCardSignature } from '@a2a-js/sdk';
import { DefaultAgentCardResolver } from '@a2a-js/sdk/client';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import canonicalize from 'canonicalize';
import { createPublicKey } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { JWK } from 'jose';
import type { A2aAgentOptions } from '../../src/agents/agent-options.js';
import type { CardSigningOptions } from '../../src/agents/cards/signing/card-signing.options.js';
import type { AgentCard } from '../../src/protocol/model/index.js';
import { cardPayload } from '../../src/protocol/v1-0/card/card-payload.js';
import { setA2aPrincipal } from '../../src/security/principal.js';
import { agentOf } from '../support/agent-of.js';
import { callersBy } from '../support/callers-by.js';
import { ALGORITHMS, covers, headerOf, jwkOf, newKey, pemOf, publicJwkOf } from '../support/signing-keys.js';
import { Program } from '../support/program.js';
import { V10 } from '../support/rpc.client.js';
import { ADAPTERS, type AdapterName, TestApp, type TestAppOptions } from '../support/test-app.js';

const CARD = '/.well-known/agent-card.json';
const KEYS = '/.well-known/jwks.json';
const PUBLIC_URL = 'https://agents.example';
const key = newKey('ES256');
const signing: CardSigningOptions = { keys: [{ kid: 'k1', privateKey: pemOf(key) }] };

/** With all that canonical forms may stumble over. */
const OPTIONS: Partial<A2aAgentOptions> = {
  description: 'Grüße, 日本, 🛒, "quotes" \\ and \u2028',
  provider: { organization: 'ACME', url: 'https://acme.example' },
  documentationUrl: 'https://docs.example',
  securitySchemes: {
    bearer: { httpAuthSecurityScheme: { scheme: 'Bearer' } },
    mtls: { mtlsSecurityScheme: {} },
    code: {
      oauth2SecurityScheme: { flows: { clientCredentials: { tokenUrl: 'https://t.example', scopes: {} } } },
    },
  },
  securityRequirements: [{ schemes: { bearer: { list: [] } } }, { schemes: { code: { list: ['read'] } } }],
  extensions: [{ uri: 'urn:a', required: false, params: { '\u00e9': 1e21, z: [0.1, -0, { empty: '' }], a: null } }],
};

@Injectable()
class AliceGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    setA2aPrincipal(context.switchToHttp().getRequest<object>(), { owner: 'alice' });
    return true;
  }
}

describe.each(ADAPTERS)('signed cards on %s', (adapter) => {
  let app: TestApp | undefined;
  afterEach(async () => {
    jest.restoreAllMocks();
    await app?.close();
    app = undefined;
  });

  async function serve(options: Partial<A2aAgentOptions> = OPTIONS, more: Partial<TestAppOptions> = {}): Promise<void> {
    const agent = agentOf(async () => undefined, options);
    const cards = { signing };
    app = await TestApp.start({
      adapter: adapter as AdapterName,
      // The guard is who enforces the schemes.
      agents: [agent, callersBy('x-caller')],
      publicUrl: PUBLIC_URL,
      cards,
      ...more,
    });
  }
  const get = (path: string, headers: Record<string, string> = V10) => fetch(app!.origin + path, { headers });
  const cardOf = async (headers?: Record<string, string>): Promise<AgentCard> =>
    (await (await get(CARD, headers)).json()) as AgentCard;

  /** Looks keys up where the signature says, as a client does; the public address is this server. */
  const fromKeySet = async (kid: string, jku?: string): Promise<JWK> => {
    const { keys } = (await (await get(jku!.replace(PUBLIC_URL, ''))).json()) as { keys: (JWK & { kid: string })[] };
    const found = keys.find((candidate) => candidate.kid === kid);
    if (!found) throw new Error(`there is no key ${kid}`);
    return found;
  };
  const verify = (card: unknown, keyOf = fromKeySet): Promise<void> => {
    // It writes to the console of each signature that is not good.
    jest.spyOn(console, 'debug').mockImplementation(() => undefined);
    return verifyAgentCardSignature(keyOf)(card as SdkCard);
  };

  it.each(ALGORITHMS)(
    'A11, A12, A15: are accepted by the verifier of the official SDK, which fetches the key of %s',
    async (alg) => {
      await serve(OPTIONS, { cards: { signing: { keys: [{ privateKey: jwkOf(newKey(alg)) }] } } });
      const card = await cardOf();
      await expect(verify(card)).resolves.toBeUndefined();
      for (const signature of card.signatures ?? [])
        expect(headerOf(signature)).toEqual({ alg, typ: 'JOSE', kid: expect.any(String), jku: PUBLIC_URL + KEYS });
    },
  );

  it('are accepted as the resolver of the official client gives them', async () => {
    await serve({ description: 'Sells' });
    const card = await new DefaultAgentCardResolver().resolve(app!.origin);
    await expect(verify(card)).resolves.toBeUndefined();
  });

  it('A13, A14, X16: the pure v1.0 form is signed, by the rules of the specification; the others are not', async () => {
    await serve();
    const card = await cardOf();
    const payload = canonicalize(cardPayload(card)) as string;
    const [first] = card.signatures ?? [];
    expect(covers(first!, payload, createPublicKey(key))).toBe(true);
    // What is sent is what was signed: also who does not drop defaults gets these bytes.
    const { signatures: _signatures, ...sent } = card;
    expect(canonicalize(sent)).toBe(payload);
    for (const version of ['', '0.3'])
      expect(await cardOf({ 'a2a-version': version })).not.toHaveProperty('signatures');
  });

  it('are refused when anything in them was changed, or the key is another', async () => {
    await serve();
    const card = await cardOf();
    const changes: ((changed: AgentCard) => void)[] = [
      (changed) => (changed.name += '!'),
      (changed) => (changed.supportedInterfaces[0]!.url = 'https://evil.example'),
      (changed) => (changed.capabilities.streaming = false),
      (changed) => delete changed.capabilities.streaming,
      (changed) => (changed.securitySchemes!['code']!['oauth2SecurityScheme']!['flows'] = {}),
      (changed) => changed.securityRequirements!.pop(),
      (changed) => (changed.capabilities.extensions![0]!.params!['z'] = []),
      (changed) => changed.skills.push({ id: 'x', name: 'X', description: 'x', tags: ['x'] }),
      (changed) => (changed.iconUrl = 'https://evil.example/i.png'),
      (changed) => (changed.signatures = []),
      (changed) => changed.signatures!.forEach((signature) => (signature.signature = 'AAAA')),
    ];
    for (const change of changes) {
      const changed = structuredClone(card);
      change(changed);
      await expect(verify(changed)).rejects.toThrow(/signatures/);
    }
    await expect(verify(card, async () => publicJwkOf(newKey('ES256')) as JWK)).rejects.toThrow('No valid signatures');
    await expect(verify(card)).resolves.toBeUndefined();
  });

  it('A11: have a signature by each key, so that a client who knows one of them is content', async () => {
    const [next, old] = [newKey('EdDSA'), newKey('RS256')];
    const keys = [
      { kid: 'now', privateKey: pemOf(key) },
      { kid: 'next', privateKey: pemOf(next) },
      { kid: 'old', publicKey: publicJwkOf(old) },
    ];
    await serve({ description: 'Sells' }, { cards: { signing: { keys } } });
    const card = await cardOf();
    expect(card.signatures?.map((signature) => headerOf(signature)['kid'])).toEqual(['now', 'next']);
    for (const [kid, known] of [
      ['now', key],
      ['next', next],
    ] as const) {
      const knowsOne = async (asked: string): Promise<JWK> => {
        if (asked !== kid) throw new Error('unknown');
        return publicJwkOf(known) as JWK;
      };
      await expect(verify(card, knowsOne)).resolves.toBeUndefined();
    }
    const { keys: shown } = (await (await get(KEYS)).json()) as { keys: { kid: string }[] };
    expect(shown.map(({ kid }) => kid)).toEqual(['now', 'next', 'old']);
  });

  it('come with the public keys, and with nothing secret', async () => {
    await serve();
    const response = await get(KEYS);
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('public, max-age=300');
    const text = await response.text();
    expect(JSON.parse(text)).toEqual({ keys: [{ ...publicJwkOf(key), kid: 'k1', alg: 'ES256', use: 'sig' }] });
    expect(text).not.toContain(jwkOf(key).d);
    const again = await get(KEYS, { 'if-none-match': response.headers.get('etag')! });
    expect([again.status, await again.text()]).toEqual([304, '']);
  });

  it('are signed once: the bytes and the tag stay, and the tag is that of the signed card', async () => {
    await serve();
    const answers = await Promise.all(Array.from({ length: 5 }, () => get(CARD)));
    const bodies = await Promise.all(answers.map((answer) => answer.text()));
    const tags = answers.map(({ headers }) => headers.get('etag'));
    expect(new Set(bodies).size).toBe(1);
    expect(new Set(tags).size).toBe(1);
    expect((await get(CARD, { ...V10, 'if-none-match': tags[0]! })).status).toBe(304);
  });

  it('name no key set without a public url, the one of the options, or none', async () => {
    const jkuWith = async (more: Partial<TestAppOptions>): Promise<unknown> => {
      await serve({ description: 'Sells' }, more);
      const [signature] = (await cardOf()).signatures ?? [];
      await app!.close();
      app = undefined;
      return headerOf(signature!)['jku'];
    };
    expect(await jkuWith({ publicUrl: undefined })).toBeUndefined();
    expect(await jkuWith({ cards: { signing: { ...signing, jku: false } } })).toBeUndefined();
    const elsewhere = 'https://keys.example/jwks.json';
    expect(await jkuWith({ cards: { signing: { ...signing, jku: elsewhere } } })).toBe(elsewhere);
  });

  it('name the key set below the path of the module and the global prefix', async () => {
    await serve({ description: 'Sells' }, { path: '/a2a', globalPrefix: 'api' });
    const card = (await (await get(`/api/a2a${CARD}`)).json()) as AgentCard;
    expect(headerOf(card.signatures![0]!)['jku']).toBe(`${PUBLIC_URL}/api/a2a${KEYS}`);
    await expect(verify(card)).resolves.toBeUndefined();
    expect((await get(KEYS)).status).toBe(404);
  });

  it('are not there without keys, nor is a key set', async () => {
    await serve(OPTIONS, { cards: {} });
    expect(await cardOf()).not.toHaveProperty('signatures');
    const response = await get(KEYS);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ error: { code: 404, status: 'NOT_FOUND' } });
  });

  it('may be extended ones: signed in v1.0, not in v0.3', async () => {
    const guard = { provide: APP_GUARD, useClass: AliceGuard };
    const extendedCard = { skills: [{ id: 'more', name: 'More', description: 'More', tags: ['t'] }] };
    const agent = agentOf(async () => undefined, { ...OPTIONS, extendedCard });
    await serve(OPTIONS, { agents: [agent, guard] });
    const card = await app!.rpc().result<AgentCard & Record<string, unknown>>('GetExtendedAgentCard');
    expect(card.skills.map(({ id }) => id)).toEqual(['test', 'more']);
    await expect(verify(card)).resolves.toBeUndefined();
    card.skills.pop();
    await expect(verify(card)).rejects.toThrow('No valid signatures');
    const again = await app!.rpc().result<AgentCard & Record<string, unknown>>('GetExtendedAgentCard');
    expect(again.signatures).toEqual(card.signatures);
    const older = await app!.rpc(undefined, {}).result('agent/getAuthenticatedExtendedCard');
    expect(older).not.toHaveProperty('signatures');
  });
});

describe('the service', () => {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'a2a-signed-'));
  const file = path.join(directory, 'keys.json');
  const dist = process.env.A2A_TEST_DIST ?? path.join(import.meta.dirname, '../../dist');
  const start = (): Promise<Program> =>
    Program.start({
      ...{ command: process.execPath, args: [path.join(dist, 'src/service/main.js')], cwd: directory },
      env: {
        ...{ PORT: '0', STORE: 'memory', PUBLIC_URL, A2A_CARD_KEYS_FILE: file },
        ...{ A2A_PROVIDER_ORGANIZATION: 'ACME', A2A_PROVIDER_URL: 'https://acme.example' },
      },
      ready: (line) => /Listening on (http:\S+)/.exec(line)?.[1],
    });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it('signs by the keys of a file that only its owner can read, and names its provider', async () => {
    writeFileSync(file, JSON.stringify({ keys: [{ ...jwkOf(key), kid: 'k1' }] }), { mode: 0o600 });
    const service = await start();
    try {
      const card = (await (await fetch(service.url + CARD, { headers: V10 })).json()) as AgentCard;
      expect(card.provider).toEqual({ organization: 'ACME', url: 'https://acme.example' });
      expect(headerOf(card.signatures![0]!)).toMatchObject({ kid: 'k1', jku: PUBLIC_URL + KEYS });
      expect(covers(card.signatures![0]!, canonicalize(cardPayload(card)) as string, createPublicKey(key))).toBe(true);
      const { keys } = (await (await fetch(service.url + KEYS)).json()) as { keys: unknown[] };
      expect(keys).toEqual([{ ...publicJwkOf(key), kid: 'k1', alg: 'ES256', use: 'sig' }]);
      expect(service.output).not.toContain(jwkOf(key).d);
    } finally {
      await service.stop('SIGKILL');
    }
  });

  it('does not start with one that others can read', async () => {
    chmodSync(file, 0o644);
    await expect(start()).rejects.toThrow(`A2A_CARD_KEYS_FILE: ${file} contains secrets`);
  });
});
