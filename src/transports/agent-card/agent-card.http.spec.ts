import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { type IncomingMessage, request as httpRequest } from 'node:http';
import {
  ADAPTERS,
  startTransportApp,
  type TransportApp,
  type TransportAppOptions,
} from '../../../test/support/transport-app.js';

const WELL_KNOWN = '/.well-known/agent-card.json';

describe.each(ADAPTERS)('agent cards on %s', (adapter) => {
  let running: TransportApp | undefined;

  afterEach(async () => {
    await running?.app.close();
    running = undefined;
  });

  const start = async (options: Partial<TransportAppOptions> = {}): Promise<TransportApp> =>
    (running = await startTransportApp(adapter, { handler: {}, ...options }));

  const get = async (path: string, headers: Record<string, string> = {}, method = 'GET') => {
    const response = await fetch(running!.url + path, { method, headers });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: text && (JSON.parse(text) as Record<string, unknown>),
    };
  };

  it('A3, X15: gives the pure v1.0 form, the pure v0.3 form, or both in one', async () => {
    await start({ publicUrl: 'https://agents.example' });
    const interfaces = [
      { url: 'https://agents.example', protocolBinding: 'JSONRPC', protocolVersion: '1.0' },
      { url: 'https://agents.example', protocolBinding: 'JSONRPC', protocolVersion: '0.3' },
      { url: 'https://agents.example', protocolBinding: 'HTTP+JSON', protocolVersion: '1.0' },
      { url: 'https://agents.example', protocolBinding: 'HTTP+JSON', protocolVersion: '0.3' },
    ];
    for (const version of ['1.0', '1.0.3', '1.7']) {
      const { status, json } = await get(WELL_KNOWN, { 'a2a-version': version });
      expect(status).toBe(200);
      expect(json).toMatchObject({ name: 'echo', supportedInterfaces: interfaces });
      expect(json).not.toHaveProperty('protocolVersion');
    }
    const older = (await get(WELL_KNOWN, { 'a2a-version': '0.3' })).json;
    expect(older).toMatchObject({
      protocolVersion: '0.3.0',
      url: 'https://agents.example',
      preferredTransport: 'JSONRPC',
      additionalInterfaces: [
        { url: 'https://agents.example', transport: 'JSONRPC' },
        { url: 'https://agents.example', transport: 'HTTP+JSON' },
      ],
    });
    expect(older).not.toHaveProperty('supportedInterfaces');
    const merged = (await get(WELL_KNOWN)).json;
    expect(merged).toMatchObject({
      protocolVersion: '0.3.0',
      url: 'https://agents.example',
      supportedInterfaces: interfaces,
    });
    expect((await get(`${WELL_KNOWN}?A2A-Version=0.3`)).json).toEqual(older);
  });

  it('answers a version that is none with 400 and JSON', async () => {
    await start();
    for (const version of ['2.0', 'one']) {
      const { status, json, headers } = await get(WELL_KNOWN, { 'a2a-version': version });
      expect(status).toBe(400);
      expect(json).toMatchObject({ error: { code: 400, details: [{ reason: 'VERSION_NOT_SUPPORTED' }] } });
      expect(headers.get('vary')).toContain('A2A-Version');
    }
  });

  it('A1, A2, I4: serves each agent at its own url, the default one also at the root, and the old file name', async () => {
    await start({ options: { path: '/a2a' }, configure: (app) => app.setGlobalPrefix('api') });
    const base = `${running!.url}/api/a2a`;
    const urlOf = async (path: string): Promise<unknown> => {
      const { json } = await get(`/api/a2a${path}`, { 'a2a-version': '0.3' });
      return (json as { url: string }).url;
    };
    expect(await urlOf(WELL_KNOWN)).toBe(base);
    expect(await urlOf('/.well-known/agent.json')).toBe(base);
    expect(await urlOf(`/agents/echo${WELL_KNOWN}`)).toBe(base);
    expect(await urlOf(`/agents/other${WELL_KNOWN}`)).toBe(`${base}/agents/other`);
  });

  it('never believes the Host of a request, even if its name is allowed', async () => {
    await start({ options: { allowedHosts: ['*'] } });
    const headers = { host: 'evil.example', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' };
    const outgoing = httpRequest(running!.url + WELL_KNOWN, { headers }).end();
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
    let text = '';
    for await (const part of response) text += String(part);
    expect(text).not.toContain('evil.example');
    expect(text).toContain(running!.url);
  });

  it('answers 404 with JSON for an agent that is not there, and where there is no default agent', async () => {
    await start({ agents: [] });
    for (const path of [WELL_KNOWN, `/agents/none${WELL_KNOWN}`]) {
      const { status, json } = await get(path);
      expect(status).toBe(404);
      expect(json).toMatchObject({ error: { code: 404, status: 'NOT_FOUND' } });
    }
  });

  it('A8, A9, X15: sends what caches need, with a tag per form', async () => {
    await start({ options: { cardMaxAgeSeconds: 60 } });
    const { headers, text } = await get(WELL_KNOWN);
    expect(headers.get('cache-control')).toBe('public, max-age=60');
    expect(headers.get('vary')).toBe('A2A-Version');
    expect(headers.get('content-type')).toMatch(/^application\/json/);
    expect(Number(headers.get('content-length'))).toBe(Buffer.byteLength(text));
    expect(Date.parse(headers.get('last-modified')!)).toBeLessThanOrEqual(Date.now());
    const tags = await Promise.all(
      ['', '1.0', '0.3'].map(async (version) =>
        (await get(WELL_KNOWN, { 'a2a-version': version })).headers.get('etag'),
      ),
    );
    expect(new Set(tags).size).toBe(3);
    for (const tag of tags) expect(tag).toMatch(/^"[\w-]{20,}"$/);
  });

  it('A9: answers 304 to who has it, by tag first and by date else', async () => {
    await start();
    const { headers } = await get(WELL_KNOWN);
    const etag = headers.get('etag')!;
    const modified = headers.get('last-modified')!;
    const statusWith = async (conditions: Record<string, string>): Promise<number> =>
      (await get(WELL_KNOWN, conditions)).status;
    expect(await statusWith({ 'if-none-match': etag })).toBe(304);
    expect(await statusWith({ 'if-none-match': `"x", W/${etag}` })).toBe(304);
    expect(await statusWith({ 'if-none-match': '*' })).toBe(304);
    expect(await statusWith({ 'if-none-match': etag, 'a2a-version': '1.0' })).toBe(200);
    expect(await statusWith({ 'if-none-match': '"x"', 'if-modified-since': modified })).toBe(200);
    expect(await statusWith({ 'if-modified-since': modified })).toBe(304);
    expect(await statusWith({ 'if-modified-since': 'Thu, 01 Jan 1970 00:00:00 GMT' })).toBe(200);
    expect(await statusWith({ 'if-modified-since': 'yesterday' })).toBe(200);
    const unchanged = await get(WELL_KNOWN, { 'if-none-match': etag });
    expect(unchanged.text).toBe('');
    expect(unchanged.headers.get('etag')).toBe(etag);
    expect(unchanged.headers.get('vary')).toBe('A2A-Version');
  });

  it('answers HEAD like GET, without a body', async () => {
    await start();
    const { headers } = await get(WELL_KNOWN);
    const head = await get(WELL_KNOWN, {}, 'HEAD');
    expect(head.status).toBe(200);
    expect(head.text).toBe('');
    for (const name of ['etag', 'content-length', 'vary', 'cache-control'])
      expect(head.headers.get(name)).toBe(headers.get(name));
  });

  it('adds to the Vary of CORS', async () => {
    await start({ configure: (app) => app.enableCors({ origin: ['https://a.example', 'https://b.example'] }) });
    const { headers } = await get(WELL_KNOWN, { origin: 'https://a.example' });
    expect(headers.get('access-control-allow-origin')).toBe('https://a.example');
    expect(headers.get('vary')!.split(', ')).toEqual(['Origin', 'A2A-Version']);
  });
});
