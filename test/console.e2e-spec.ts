import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { freePort } from './support/free-port.js';
import { ServiceProcess } from './support/service.process.js';
import { ROOT } from './support/snippets.js';
import { ADAPTERS } from './support/transport-app.js';

const dist = process.env.A2A_TEST_DIST ?? path.join(ROOT, 'dist');
const BROWSER = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
const TOKEN = 'a-token-of-operators-with-32-characters-or-more';

describe('the built console', () => {
  const folder = path.join(dist, 'console');
  const files = readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name !== 'licenses.md')
    .map((entry) => path.join(entry.parentPath, entry.name));

  it('has at most 220 kB that a browser loads', () => {
    const bytes = files.reduce((sum, file) => sum + gzipSync(readFileSync(file)).length, 0);
    expect(bytes).toBeLessThanOrEqual(220_000);
  });

  it('has only relative addresses, no script and no style of its own in the page', () => {
    const page = readFileSync(path.join(folder, 'index.html'), 'utf8');
    const addresses = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address);
    expect(addresses.length).toBeGreaterThan(2);
    for (const address of addresses) expect(address).toMatch(/^\.\//);
    expect(page).not.toMatch(/<style|style=|<script(?![^>]*src)/);
  });

  it('brings the licenses of the packages that are part of it', () => {
    const licenses = readFileSync(path.join(folder, 'licenses.md'), 'utf8');
    for (const name of ['react-dom', '@mantine/core', '@tanstack/react-query', 'marked'])
      expect(licenses).toContain(name);
  });
});

describe.each(ADAPTERS)('the console of the service, on %s', (adapter) => {
  let service: ServiceProcess;
  let dataDir: string;

  beforeAll(async () => {
    dataDir = await mkdtemp(path.join(tmpdir(), 'a2a-console-'));
    service = await ServiceProcess.start({
      port: await freePort(),
      dataDir,
      env: { STORE: 'memory', HTTP_ADAPTER: adapter },
    });
  }, 120_000);
  afterAll(async () => {
    await service?.kill('SIGTERM');
    await rm(dataDir, { recursive: true, force: true });
  });

  const get = (address: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${service.origin}${address}`, { headers, redirect: 'manual' });

  it('is where the root leads a browser of this machine, and nobody else', async () => {
    const root = await get('/', BROWSER);
    expect([root.status, root.headers.get('location')]).toEqual([302, 'console/']);
    const forwarded = await get('/', { ...BROWSER, 'x-forwarded-for': '203.0.113.7' });
    expect(forwarded.status).toBe(200);
    expect((await get('/', { accept: '*/*' })).status).toBe(405);
  });

  it('is a page that ends with a slash, with a policy that lets nothing in from elsewhere', async () => {
    const short = await get('/console?x=1');
    expect([short.status, short.headers.get('location')]).toEqual([302, 'console/?x=1']);
    const page = await get('/console/');
    expect(page.status).toBe(200);
    expect(page.headers.get('cache-control')).toBe('no-store');
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    const [, nonce] = /'nonce-([^']+)'/.exec(policy) ?? [];
    const text = await page.text();
    expect(text).toContain(`<meta name="a2a-nonce" content="${nonce}" />`);
    expect(text).toContain('<meta name="a2a-root" content="../" />');
    expect((await get('/console/')).headers.get('content-security-policy')).not.toContain(nonce);
  });

  it('serves the files of the page, compressed and for a long time, and no others', async () => {
    const page = await (await get('/console/')).text();
    const [, script] = /src="\.\/(assets\/[^"]+\.js)"/.exec(page) ?? [];
    const file = await get(`/console/${script}`, { 'accept-encoding': 'gzip' });
    expect(file.status).toBe(200);
    expect(file.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(file.headers.get('content-encoding')).toBe('gzip');
    expect(file.headers.get('cache-control')).toContain('immutable');
    for (const other of ['index.html', 'assets/..%2f..%2fpackage.json', 'assets', 'licenses.md', 'assets/none.js']) {
      expect([other, (await get(`/console/${other}`)).status]).toEqual([other, 404]);
    }
  });

  it('has its API below it, which answers errors as JSON', async () => {
    expect(await (await get('/console/api/session')).json()).toMatchObject({ readOnly: false });
    expect(await (await get('/console/api/tasks?limit=x')).json()).toMatchObject({ error: { code: 'INVALID_PARAMS' } });
  });

  it('is for browsers on this machine alone', async () => {
    for (const address of ['/console/', '/console/api/session']) {
      const forwarded = await get(address, { 'x-forwarded-for': '203.0.113.7' });
      expect([address, forwarded.status]).toEqual([address, 403]);
    }
  });
});

describe('the console beyond this machine', () => {
  let service: ServiceProcess;
  let dataDir: string;

  beforeAll(async () => {
    dataDir = await mkdtemp(path.join(tmpdir(), 'a2a-console-'));
    const tokenFile = path.join(dataDir, 'token');
    writeFileSync(tokenFile, TOKEN, { mode: 0o600 });
    const port = await freePort();
    service = await ServiceProcess.start({
      port,
      dataDir,
      env: {
        STORE: 'memory',
        HOST: '0.0.0.0',
        PUBLIC_URL: `http://127.0.0.1:${port}`,
        A2A_ALLOW_ANONYMOUS: 'true',
        A2A_CONSOLE: 'true',
        A2A_ADMIN_TOKEN_FILE: tokenFile,
      },
    });
  }, 120_000);
  afterAll(async () => {
    await service?.kill('SIGTERM');
    await rm(dataDir, { recursive: true, force: true });
  });

  it('shows operators what there is, and lets nobody change it', async () => {
    const api = `${service.origin}/console/api`;
    expect((await fetch(`${api}/tasks`)).status).toBe(401);
    const headers = { authorization: `Bearer ${TOKEN}`, 'x-a2a-admin': '1' };
    expect(await (await fetch(`${api}/session`, { headers })).json()).toMatchObject({ readOnly: true });
    expect((await fetch(`${api}/tasks/x/cancel`, { method: 'POST', headers })).status).toBe(403);
    expect((await fetch(`${service.origin}/console/`)).status).toBe(200);
  });

  it('is a link on the page at the root', async () => {
    const page = await fetch(service.origin, { headers: BROWSER, redirect: 'manual' });
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('<a href="console/">console</a>');
  });
});
