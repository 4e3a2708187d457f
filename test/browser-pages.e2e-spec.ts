import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { agentOf } from './support/agent-of.js';
import { ROOT } from './support/snippets.js';
import { ADAPTERS, TestApp } from './support/test-app.js';

const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const executablePath = process.env.A2A_TEST_BROWSER ?? BROWSERS.find((file) => existsSync(file));
const ARGS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'];

/** A page that uses the official client, whose files its server has. */
const PAGE = `<!doctype html><script type="importmap">{"imports":{"jose":"/jose/dist/webapi/index.js"}}</script>
<script type="module">
import { ClientFactory } from '/@a2a-js/sdk/dist/client/index.js';
window.talk = async (origin) => {
  const client = await new ClientFactory().createFromUrl(origin);
  const message = { messageId: crypto.randomUUID(), role: 1, contextId: '', taskId: '', extensions: [], referenceTaskIds: [], metadata: undefined,
    parts: [{ content: { $case: 'text', value: 'hi' }, metadata: undefined, filename: '', mediaType: '' }] };
  const states = [];
  for await (const event of client.sendMessageStream({ tenant: '', message, configuration: undefined, metadata: undefined })) states.push(event.payload.$case);
  return states;
};
window.events = (url) => new Promise((resolve) => {
  const source = new EventSource(url, { withCredentials: true });
  source.addEventListener('task', ({ data }) => { source.close(); resolve(data); });
  source.onerror = () => { source.close(); resolve('error'); };
});
window.ready = true;
</script>`;

/** Serves the page at its root, and files of packages. */
function pageServer(): Promise<Server> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://page');
    if (pathname === '/') return void response.setHeader('content-type', 'text/html').end(PAGE);
    const file = path.join(ROOT, 'node_modules', pathname);
    readFile(file, 'utf8').then(
      (text) => response.setHeader('content-type', 'text/javascript').end(text),
      () => response.writeHead(404).end(),
    );
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

type Talking = { talk(origin: string): Promise<string[]>; events(url: string): Promise<string> };

(executablePath === undefined ? describe.skip : describe)('a page of another origin, in a browser', () => {
  let browser: Browser;
  let pages: Server;
  let page: Page;
  const agent = agentOf(async (_context, updater) => updater.complete());

  beforeAll(async () => {
    pages = await pageServer();
    browser = await chromium.launch({ executablePath: executablePath!, args: ARGS });
    page = await browser.newPage();
    await page.goto(pageOrigin());
    await page.waitForFunction('window.ready === true');
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    pages?.close();
  });

  const pageOrigin = (): string => `http://localhost:${(pages.address() as AddressInfo).port}`;

  const talkTo = (origin: string): Promise<string[]> =>
    page.evaluate((url) => (globalThis as unknown as Talking).talk(url), origin);

  describe.each(ADAPTERS)('to a server on %s', (adapter) => {
    it('talks to an agent with the official client, and reads its events, if its origin is allowed', async () => {
      const cors = { origins: [pageOrigin()], credentials: true };
      const server = await TestApp.start({ adapter, agents: [agent], http: { cors } });
      try {
        expect(await talkTo(server.origin)).toEqual(['task', 'statusUpdate']);
        const { tasks } = await server.rpc().result<{ tasks: { id: string }[] }>('ListTasks', {});
        const url = `${server.origin}/tasks/${tasks[0]!.id}/events`;
        const data = await page.evaluate((at) => (globalThis as unknown as Talking).events(at), url);
        expect(JSON.parse(data)).toMatchObject({ task: { id: tasks[0]!.id } });
      } finally {
        await server.close();
      }
    });

    it('may not talk to an agent otherwise', async () => {
      const server = await TestApp.start({ adapter, agents: [agent] });
      try {
        await expect(talkTo(server.origin)).rejects.toThrow('Failed to fetch');
      } finally {
        await server.close();
      }
    });
  });
});
