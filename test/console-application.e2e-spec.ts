import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { A2aAdminModule } from '../src/admin/index.js';
import type { AdminAgent, AdminList, AdminSession } from '../src/admin/admin-api.types.js';
import { type A2aConsoleModuleOptions, A2aConsoleModule } from '../src/console/index.js';
import { agentOf } from './support/agent-of.js';
import { hasBrowser, launchBrowser } from './support/browser.js';
import { ConsolePage } from './support/console.page.js';
import { RpcClient, textMessage } from './support/rpc.client.js';
import { ADAPTERS, TestApp } from './support/test-app.js';

const LIMIT_MS = 120_000;

/** Where an application has its console, its agents, and everything. */
const PLACES = [
  { options: {}, a2a: '/a2a', page: '/console/' },
  { options: { path: '/ops/console' }, a2a: '', page: '/ops/console/' },
  { options: {}, a2a: '/a2a', globalPrefix: 'api', page: '/api/console/' },
  { options: { path: 'ops/console' }, a2a: '/agents-of/ours', globalPrefix: 'api/v1', page: '/api/v1/ops/console/' },
] as const;

type Place = (typeof PLACES)[number] & { readonly globalPrefix?: string };

describe.each(ADAPTERS)('the console of an application on %s', (adapter) => {
  let app: TestApp | undefined;
  afterEach(async () => {
    await app?.close();
    app = undefined;
  });

  const start = async ({ options, a2a, globalPrefix }: Place, more: A2aConsoleModuleOptions = {}): Promise<string> => {
    const agent = agentOf(async ({ userText }, updater) => {
      await updater.addArtifact(`an answer to ${userText}`);
      await updater.complete();
    });
    app = await TestApp.start({
      adapter,
      agents: [agent],
      path: a2a,
      imports: [
        A2aConsoleModule.forRoot({ ...options, ...more }),
        A2aAdminModule.forRoot({ path: 'ops/admin', authorize: () => false }),
      ],
      ...(globalPrefix !== undefined && { globalPrefix }),
    });
    return app.origin;
  };

  it.each(PLACES)('is at $page, and finds its API and the agents', async (place) => {
    const origin = await start(place);
    const page = new URL(place.page, origin);
    const short = await fetch(page.href.slice(0, -1), { redirect: 'manual' });
    expect([short.status, new URL(short.headers.get('location') ?? '', page.href.slice(0, -1)).href]).toEqual([
      302,
      page.href,
    ]);
    const html = await (await fetch(page)).text();
    const [, script = ''] = /src="(\.\/assets\/[^"]+\.js)"/.exec(html) ?? [];
    expect((await fetch(new URL(script, page))).headers.get('content-type')).toContain('text/javascript');
    const [, root = ''] = /name="a2a-root" content="([^"]+)"/.exec(html) ?? [];
    expect(new URL(root, page).href).toBe(`${origin}/`);

    const session = (await (await fetch(new URL('api/session', page))).json()) as AdminSession;
    expect(session).toMatchObject({ readOnly: false, lab: false });
    expect((await fetch(new URL('api/kill', page), { method: 'POST', headers: { 'x-a2a-admin': '1' } })).status).toBe(
      404,
    );
    const { rows } = (await (await fetch(new URL('api/agents', page))).json()) as AdminList<AdminAgent>;
    const endpoint = new URL((rows[0]?.path ?? '').replace(/^\//, ''), new URL(root, page)).href;
    const sent = await new RpcClient(endpoint).result<{ task: { id: string } }>('SendMessage', {
      message: textMessage('hello'),
    });
    expect((await fetch(new URL(`api/tasks/${sent.task.id}`, page))).status).toBe(200);
  });

  it('lets those in whom `authorize` admits, and leaves another admin API of the application to others', async () => {
    const authorize: A2aConsoleModuleOptions['authorize'] = ({ headers }) => headers.authorization === 'Bearer me';
    const origin = await start(PLACES[0], { authorize });
    expect((await fetch(`${origin}/console/`)).status).toBe(200);
    expect((await fetch(`${origin}/console/api/session`)).status).toBe(403);
    const headers = { authorization: 'Bearer me' };
    expect(await (await fetch(`${origin}/console/api/session`, { headers })).json()).toMatchObject({ readOnly: true });
    expect((await fetch(`${origin}/ops/admin/session`, { headers })).status).toBe(403);
  });

  (hasBrowser('The console of applications') ? describe : describe.skip)('in a browser', () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await launchBrowser();
    }, LIMIT_MS);
    afterAll(() => browser?.close(), LIMIT_MS);

    it(
      'works below a global prefix, at a path of its own',
      async () => {
        const place = PLACES[3];
        const origin = await start(place);
        const page = await ConsolePage.open(browser, `${origin}${place.page}`);
        await page.button('Play a first task').click();
        await page.page.locator('.first .badge', { hasText: 'Completed' }).first().waitFor();
        await page.go('try');
        await page.send('what?');
        await page.page.locator('.made', { hasText: 'an answer to what?' }).waitFor();
        await page.go('tasks');
        await page.text('2 tasks').waitFor();
        await page.go('agents');
        await page.text('Card is valid').waitFor();
        await page.go('replicas');
        await page.page.locator('.panel').nth(1).waitFor();
        expect(await page.page.getByRole('button', { name: /Kill/ }).count()).toBe(0);
        expect(page.problems).toEqual([]);
      },
      LIMIT_MS,
    );
  });
});
