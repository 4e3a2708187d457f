import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { freePort } from './support/free-port.js';
import { hasBrowser, launchBrowser } from './support/browser.js';
import { ConsolePage } from './support/console.page.js';
import { drawnWhile, figuresOf, scrollThrough } from './support/frame-times.js';
import { prefixProxy } from './support/prefix.proxy.js';
import { ServiceProcess } from './support/service.process.js';
import { ROOT } from './support/snippets.js';
import { createTestDatabase, type TestDatabase } from './support/test-database.js';

const LIMIT_MS = 240_000;
/** Of docs/console.md: `A2A_TEST_SCREENSHOTS=1`. */
const PICTURES = process.env.A2A_TEST_SCREENSHOTS ? path.join(ROOT, 'docs', 'console') : undefined;

(hasBrowser('The screens of the console') ? describe : describe.skip)('the console in a browser', () => {
  let database: TestDatabase;
  let dataDir: string;
  let service: ServiceProcess;
  let browser: Browser;
  let console: ConsolePage;

  beforeAll(async () => {
    database = await createTestDatabase();
    dataDir = await mkdtemp(path.join(tmpdir(), 'a2a-console-'));
    service = await ServiceProcess.start({ port: await freePort(), dataDir, env: { DATABASE_URL: database.url } });
    browser = await launchBrowser();
    console = await ConsolePage.open(browser, `${service.origin}/console/`);
  }, LIMIT_MS);

  afterAll(async () => {
    await browser?.close();
    await service?.kill('SIGTERM');
    await database?.drop();
    await rm(dataDir, { recursive: true, force: true });
  }, LIMIT_MS);

  async function picture(name: string, of = console): Promise<void> {
    if (PICTURES === undefined) return;
    mkdirSync(PICTURES, { recursive: true });
    await of.page.waitForTimeout(1_500);
    await of.page.screenshot({ path: path.join(PICTURES, `${name}.png`) });
  }

  async function send(text: string): Promise<void> {
    await console.go('try?agent=lab');
    await console.send(text);
  }

  it(
    'plays a first task on the overview, and counts it',
    async () => {
      await console.text('A first task').waitFor();
      await console.page.locator('.first .badge', { hasText: 'Completed' }).first().waitFor();
      await console.text('Processed: Process this text').waitFor();
      await console.text('of 1 task').waitFor();
      expect(await console.barriers()).toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    'resumes a stream whose connection was cut, without a gap and without a repetition',
    async () => {
      await send('stream 40 40 250');
      await console.page.locator('.received-row').nth(3).waitFor();
      await console.button('Cut my connection').click();
      await console.text(/is cut after event \d+/).waitFor();
      await console.text(/Connection 2: resumed with Last-Event-ID \d+/).waitFor();
      await console.page.locator('.received-row', { hasText: 'Completed' }).waitFor();
      const seqs = await console.page.locator('.received-row .event-seq').allInnerTexts();
      expect(seqs).toEqual(seqs.map((_, index) => String(index + 1)));
      expect(seqs).toHaveLength(43);
      expect(await console.page.locator('.made').innerText()).toContain('00000039');
      expect(await console.barriers()).toEqual([]);
      await picture('try');
    },
    LIMIT_MS,
  );

  it(
    'makes the row of each event of a fast stream once',
    async () => {
      await console.go('try?agent=lab');
      await console.page.evaluate(`window.made = 0;
        new MutationObserver((changes) => {
          for (const { addedNodes } of changes)
            for (const node of addedNodes) if (node.className === 'received-row') window.made++;
        }).observe(document.querySelector('.try'), { childList: true, subtree: true })`);
      await send('stream 1000 40 1');
      await console.page.locator('.received-row', { hasText: 'Completed' }).waitFor();
      const made = await console.page.evaluate<number>('window.made');
      // The newest 300 are shown, and more than those may come at a time.
      expect(made).toBeGreaterThanOrEqual(300);
      expect(made).toBeLessThanOrEqual(1003);
    },
    LIMIT_MS,
  );

  it(
    'answers an agent that asks, and cancels one that works',
    async () => {
      await send('ask');
      await console.text('The agent waits for you').waitFor();
      await console.page.getByLabel('Your answer').fill('Lima');
      await console.button('Answer').click();
      await console.page.locator('.made', { hasText: 'Lima' }).waitFor();
      await console.button('New conversation').click();
      await send('sleep 600000');
      await console.page.locator('.received-row', { hasText: 'Working' }).first().waitFor();
      await console.button('Cancel').click();
      await console.page.locator('.received-row', { hasText: 'Canceled' }).waitFor();
    },
    LIMIT_MS,
  );

  it(
    'finds a failed task by its state, opens it by keys, and says why it failed',
    async () => {
      await send('fail');
      await console.page.locator('.received-row', { hasText: 'Failed' }).waitFor();
      const id = await console.shownTask();
      await console.go('tasks');
      await console.page.getByRole('row').nth(4).waitFor();
      expect(await console.barriers()).toEqual([]);
      await console.go('tasks?state=failed');
      await console.text('1 task').waitFor();
      await console.page.locator('h1').click();
      await console.page.keyboard.press('j');
      await console.page.keyboard.press('Enter');
      await console.page.waitForURL((url) => url.hash.startsWith(`#/tasks/${id}`));
      await console.page.locator('.notice.bad').waitFor();
      expect(await console.barriers()).toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    'shows a row as soon as its task is created',
    async () => {
      await console.go('tasks?agent=progress');
      await console.text('Live').waitFor();
      await console.text('1 task').waitFor();
      await fetch(`${service.origin}/agents/progress`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'a2a-version': '1.0' },
        body: JSON.stringify({
          jsonrpc: '2.0',
          id: 1,
          method: 'SendMessage',
          params: { message: { messageId: 'live', role: 'ROLE_USER', parts: [{ text: 'live' }] } },
        }),
      });
      await console.text('2 tasks').waitFor();
    },
    LIMIT_MS,
  );

  it(
    'draws a task of 10,000 events with as little as a short one, when it is scrolled and while events come in',
    async () => {
      const { page } = console;
      const watch = async (command: string): Promise<string> => {
        await send(command);
        await page.locator('.received-row').nth(1).waitFor();
        const id = await console.shownTask();
        await console.go(`tasks/${id}`);
        await page.getByRole('option').nth(5).waitFor();
        return id;
      };
      const ended = page.locator('.head', { hasText: 'Completed' });
      await watch('stream 200 40');
      await ended.waitFor();
      const short = await drawnWhile(page, () => scrollThrough(page));

      const asked: string[] = [];
      page.on('request', (request) => asked.push(request.url()));
      await watch('stream 10000 40 1');
      const live = await drawnWhile(page, () => ended.waitFor({ timeout: 2 * LIMIT_MS }));
      const requests = asked.length;
      const long = await drawnWhile(page, () => scrollThrough(page));
      for (const [name, drawn] of Object.entries({
        'live, 10,000': live,
        'scrolled, 10,000': long,
        'scrolled, 200': short,
      }))
        process.stderr.write(`Frames of a task (${name} events): ${figuresOf(drawn)}.\n`);
      // However many events there are, a screen has as many rows; and what comes in is read in pages, not one by one.
      expect(long.rows).toBeLessThanOrEqual(short.rows + 2);
      expect(live.rows).toBeLessThanOrEqual(short.rows + 2);
      expect(long.nodes).toBeLessThan(short.nodes * 1.2);
      expect(live.nodes).toBeLessThan(short.nodes * 1.2);
      expect(requests).toBeLessThan(10_000);
    },
    3 * LIMIT_MS,
  );

  it(
    'shows the events of a long task, each in both versions, and the task as it was',
    async () => {
      await send('stream 10000 40');
      await console.page.locator('.head, .panel', { hasText: 'Completed' }).first().waitFor({ timeout: 180_000 });
      const id = await console.shownTask();
      await console.go(`tasks/${id}`);
      await console.page.getByRole('option').nth(5).waitFor();
      // Only what is visible exists.
      expect(await console.page.getByRole('option').count()).toBeLessThan(80);
      await console.page.evaluate("document.querySelector('[role=listbox]').scrollTop = 1e9");
      const last = console.page.getByRole('option', { name: /10003/ });
      await last.getByText('Completed').waitFor();
      await last.click();
      await console.text('"completed"').waitFor();
      await console.text('"TASK_STATE_COMPLETED"').waitFor();
      expect(await console.barriers()).toEqual([]);
      await picture('task');
      await console.go(`tasks/${id}?tab=document&asOf=4`);
      await console.text('"TASK_STATE_WORKING"').waitFor();
    },
    LIMIT_MS,
  );

  it.each([
    ['webhooks?view=webhooks', 'No webhook is registered here.'],
    ['webhooks?view=dead', 'There is no dead letter.'],
    ['agents', 'Card is valid'],
    ['replicas', 'answers you'],
    ['tasks/nobody', 'There is no such task.'],
    ['elsewhere', 'There is no such screen.'],
  ])(
    'has the screen %s',
    async (route, text) => {
      await console.page.goto(`${service.origin}/console/#/${route}`);
      await console.text(text).waitFor();
      expect(await console.barriers()).toEqual([]);
      if (route === 'agents') await picture('agents');
    },
    LIMIT_MS,
  );

  it(
    'says that it loads while the answers are on their way',
    async () => {
      const waiting = await ConsolePage.open(browser, `${service.origin}/console/`);
      try {
        await waiting.page.route('**/console/api/**', () => undefined);
        for (const screen of ['', 'tasks', 'try', 'agents', 'replicas', 'webhooks', 'tasks/nobody']) {
          await waiting.go(screen);
          await waiting.page.reload();
          await waiting.page.getByRole('status', { name: 'Loading' }).first().waitFor();
          expect([screen, ...(await waiting.barriers())]).toEqual([screen]);
        }
      } finally {
        await waiting.page.close();
      }
    },
    LIMIT_MS,
  );

  it(
    'is dark where the system is, and works below a prefix and in a narrow window',
    async () => {
      const proxy = await prefixProxy(service.origin, '/ops/a2a');
      const dark = await ConsolePage.open(browser, `${proxy.url}/console/`, 'dark');
      try {
        await dark.text('Healthy').waitFor();
        expect(await dark.barriers()).toEqual([]);
        await picture('overview-dark', dark);
        await dark.go('try?agent=progress');
        await dark.button('Send').click();
        await dark.page.locator('.received-row', { hasText: 'Completed' }).waitFor();
        expect(await dark.barriers()).toEqual([]);
        await picture('try-dark', dark);
        await dark.go('tasks');
        await dark.page.getByRole('row').nth(4).waitFor();
        expect(await dark.barriers()).toEqual([]);
        await picture('tasks-dark', dark);
        await dark.page.setViewportSize({ width: 400, height: 800 });
        for (const route of ['', 'tasks', 'try', 'agents', 'replicas', 'webhooks']) {
          await dark.go(route);
          const overflow = await dark.page.evaluate('document.documentElement.scrollWidth - innerWidth');
          expect([route, overflow]).toEqual([route, 0]);
        }
        expect(dark.problems).toEqual([]);
      } finally {
        await dark.page.close();
        proxy.close();
      }
    },
    LIMIT_MS,
  );

  it('asks nobody but the service for anything, breaks no rule of its policy, and has no error of its own', () => {
    expect(console.problems).toEqual([]);
  });
});
