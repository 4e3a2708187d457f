import { afterEach, describe, expect, it } from '@jest/globals';
import type { AgentCard } from '../src/protocol/model/index.js';
import { agentOf } from './support/agent-of.js';
import { callersBy } from './support/callers-by.js';
import { ADAPTERS, TestApp, type TestAppOptions } from './support/test-app.js';

const bearer = { httpAuthSecurityScheme: { scheme: 'Bearer' } };
const key = { apiKeySecurityScheme: { location: 'header', name: 'X-Key' } };
const needs = (name: string) => ({ schemes: { [name]: { list: [] } } });

describe.each(ADAPTERS)('cards on %s', (adapter) => {
  let app: TestApp | undefined;
  afterEach(async () => {
    await app?.close();
    app = undefined;
  });

  async function serve(options: Partial<TestAppOptions>): Promise<void> {
    const agents = [agentOf(async () => undefined), agentOf(async () => undefined, { id: 'other', default: false })];
    const publicUrl = 'https://agents.example';
    // Its guard is who enforces the schemes.
    const provided = [...(options.agents ?? agents), callersBy('x-caller')];
    app = await TestApp.start({ adapter, publicUrl, ...options, agents: provided });
  }
  async function cardAt(path: string, version: string): Promise<AgentCard & Record<string, unknown>> {
    const headers: Record<string, string> = version === '' ? {} : { 'a2a-version': version };
    const response = await fetch(`${app!.origin}${path}/.well-known/agent-card.json`, { headers });
    return (await response.json()) as AgentCard & Record<string, unknown>;
  }

  it('A4, A6, A7: list each binding in each version, the preferred one first, at an absolute address', async () => {
    await serve({ path: '/a2a' });
    for (const [path, url] of [
      ['/a2a', 'https://agents.example/a2a'],
      ['/a2a/agents/other', 'https://agents.example/a2a/agents/other'],
    ] as const) {
      const { supportedInterfaces } = await cardAt(path, '1.0');
      expect(supportedInterfaces).toEqual([
        { url, protocolBinding: 'JSONRPC', protocolVersion: '1.0' },
        { url, protocolBinding: 'JSONRPC', protocolVersion: '0.3' },
        { url, protocolBinding: 'HTTP+JSON', protocolVersion: '1.0' },
        { url, protocolBinding: 'HTTP+JSON', protocolVersion: '0.3' },
      ]);
      for (const entry of supportedInterfaces) expect(entry.protocolVersion).toMatch(/^\d+\.\d+$/);
      const older = await cardAt(path, '0.3');
      expect(older).toMatchObject({ url, preferredTransport: 'JSONRPC' });
      expect(older['additionalInterfaces']).toEqual([
        { url, transport: 'JSONRPC' },
        { url, transport: 'HTTP+JSON' },
      ]);
    }
  });

  it('I4: are those of their agents, whose names and skills differ', async () => {
    await serve({});
    expect((await cardAt('', '1.0')).name).toBe('test');
    expect((await cardAt('/agents/other', '1.0')).name).toBe('other');
  });

  it('say what the module says of all agents, in each version', async () => {
    const provider = { organization: 'ACME', url: 'https://acme.example' };
    const own = agentOf(async () => undefined, {
      ...{ id: 'own', default: false, iconUrl: 'https://own.example/i.png' },
      ...{ securitySchemes: { key }, securityRequirements: [needs('key'), needs('bearer')] },
    });
    await serve({
      agents: [agentOf(async () => undefined), own],
      cards: {
        ...{ provider, documentationUrl: 'https://docs.example', iconUrl: 'https://acme.example/i.png' },
        ...{ securitySchemes: { bearer }, securityRequirements: [needs('bearer')] },
      },
    });
    expect(await cardAt('', '1.0')).toMatchObject({
      ...{ provider, documentationUrl: 'https://docs.example', iconUrl: 'https://acme.example/i.png' },
      ...{ securitySchemes: { bearer }, securityRequirements: [needs('bearer')] },
    });
    expect(await cardAt('/agents/own', '1.0')).toMatchObject({
      ...{ provider, iconUrl: 'https://own.example/i.png', securitySchemes: { bearer, key } },
      securityRequirements: [needs('key'), needs('bearer')],
    });
    expect(await cardAt('/agents/own', '0.3')).toMatchObject({
      ...{ provider, iconUrl: 'https://own.example/i.png', security: [{ key: [] }, { bearer: [] }] },
      securitySchemes: { bearer: { type: 'http', scheme: 'Bearer' }, key: { type: 'apiKey', in: 'header' } },
    });
  });

  it('X15, X18: hold the schemes of security in the form of the version, and both where nobody said one', async () => {
    const flows = {
      authorizationCode: { authorizationUrl: 'https://a.example', tokenUrl: 'https://t.example', scopes: {} },
    };
    await serve({ cards: { securitySchemes: { oauth: { oauth2SecurityScheme: { flows } } } } });
    const v10 = { oauth2SecurityScheme: { flows } };
    const v03 = { type: 'oauth2', flows };
    expect((await cardAt('', '1.0')).securitySchemes).toEqual({ oauth: v10 });
    expect((await cardAt('', '0.3')).securitySchemes).toEqual({ oauth: v03 });
    expect((await cardAt('', '')).securitySchemes).toEqual({ oauth: { ...v10, ...v03 } });
  });
});
