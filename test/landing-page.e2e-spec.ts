import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import path from 'node:path';
import { Program } from './support/program.js';
import { ADAPTERS } from './support/transport-app.js';
import { ROOT } from './support/snippets.js';

const dist = process.env.A2A_TEST_DIST ?? path.join(ROOT, 'dist');
const BROWSER = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };

describe.each(ADAPTERS)('the address of the service, opened on %s', (adapter) => {
  let service: Program;
  let home: string;

  beforeAll(async () => {
    service = await Program.start({
      command: process.execPath,
      args: [path.join(dist, 'src', 'service', 'main.js')],
      cwd: ROOT,
      env: { PORT: '0', STORE: 'memory', HTTP_ADAPTER: adapter, A2A_CONSOLE: 'false' },
      ready: (line) => /Listening on (\S+)/.exec(line)?.[1],
    });
    home = new URL('/', service.url).href;
  });
  afterAll(() => service.stop());

  it('in a browser is a page with the agents, and links that lead somewhere', async () => {
    const response = await fetch(home, { headers: BROWSER });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(response.headers.get('vary')).toContain('Accept');
    const page = await response.text();
    const links = [...page.matchAll(/href="([^"]+)"/g)].map(([, href]) => new URL(href ?? '', home));
    const own = links.filter(({ origin }) => origin === new URL(home).origin).map(({ href }) => href);
    expect(own).toContain(`${home}.well-known/agent-card.json`);
    expect(own).toContain(`${home}agents/documents/.well-known/agent-card.json`);
    expect(own).toContain(`${home}docs`);
    for (const link of own) expect([link, (await fetch(link)).status]).toEqual([link, 200]);
  });

  const statusUnder = async (host: string, page: string): Promise<number | undefined> => {
    const sent = request(new URL(page, home), { headers: { ...BROWSER, host } }).end();
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    response.resume();
    return response.statusCode;
  };

  it('and its documentation are refused under a name that is not its own', async () => {
    for (const page of ['/', '/docs', '/docs/', '/docs-json']) {
      expect([page, await statusUnder('rebound.example', page)]).toEqual([page, 403]);
    }
  });

  it('answers probes under any name: they call a pod by its address', async () => {
    for (const page of ['/health/live', '/health/ready']) {
      expect([page, await statusUnder('10.1.2.3:3000', page)]).toEqual([page, 200]);
    }
  });

  it('has documentation that loads nothing from elsewhere and is in no frame', async () => {
    const { status, headers } = await fetch(new URL('/docs', home), { headers: BROWSER });
    expect(status).toBe(200);
    expect(headers.get('content-security-policy')).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('by a program is still the JSON-RPC endpoint', async () => {
    const got = await fetch(home, { headers: { accept: '*/*' } });
    expect([got.status, got.headers.get('allow')]).toEqual([405, 'POST']);
    const posted = await fetch(home, {
      method: 'POST',
      headers: { ...BROWSER, 'content-type': 'application/json', 'a2a-version': '1.0' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ListTasks', params: {} }),
    });
    expect(await posted.json()).toMatchObject({ id: 1, result: { tasks: [] } });
  });
});
