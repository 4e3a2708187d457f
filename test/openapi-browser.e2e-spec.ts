import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';
import { freePort } from '../src/service/embedded-postgres/postmaster.js';
import { ServiceProcess } from './support/service.process.js';

const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const executablePath = process.env.A2A_TEST_BROWSER ?? BROWSERS.find((file) => existsSync(file));
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const LIMIT_MS = 240_000;

if (executablePath === undefined) {
  process.stderr.write(
    `The pages of /docs are not tried: there is no browser at ${BROWSERS.join(', ')} and A2A_TEST_BROWSER is not set.\n`,
  );
}

/** The pages as somebody uses them. Without a browser there is nothing to use them with. */
(executablePath === undefined ? describe.skip : describe).each(['express', 'fastify'])(
  'the documentation in a browser, on %s',
  (adapter) => {
    let service: ServiceProcess;
    let dataDir: string;
    let browser: Browser;
    let page: Page;
    const problems: string[] = [];

    beforeAll(async () => {
      dataDir = await mkdtemp(path.join(tmpdir(), 'a2a-docs-'));
      service = await ServiceProcess.start({
        port: await freePort(),
        dataDir,
        env: { STORE: 'memory', HTTP_ADAPTER: adapter },
      });
      browser = await chromium.launch({ executablePath, args: ARGS });
      page = await browser.newPage();
      page.on('pageerror', (error) => problems.push(String(error)));
      page.on('request', (request) => {
        const { origin, protocol } = new URL(request.url());
        if (protocol.startsWith('http') && origin !== service.origin) problems.push(`asks ${origin}`);
      });
      await page.goto(`${service.origin}/docs`);
      await page.locator('.opblock').first().waitFor();
    }, LIMIT_MS);

    afterAll(async () => {
      await browser?.close();
      await service?.kill('SIGTERM');
      await rm(dataDir, { recursive: true, force: true });
    }, LIMIT_MS);

    async function opened(operationId: string): Promise<Locator> {
      const block = page.locator(`.opblock[id$="-${operationId}"]`);
      await block.locator('.opblock-summary-control').click();
      await block.getByRole('button', { name: 'Try it out' }).click();
      return block;
    }

    async function executed(block: Locator): Promise<{ status: string; body: string }> {
      await block.getByRole('button', { name: 'Execute' }).click();
      const live = block.locator('.live-responses-table .response').first();
      await live.waitFor();
      return {
        status: (await live.locator('.response-col_status').innerText()).trim(),
        body: await live.locator('.response-col_description').innerText(),
      };
    }

    it(
      'sends the example of message:send, and reads and cancels by its id',
      async () => {
        const send = await executed(await opened('SendMessage'));
        expect(send.status).toBe('200');
        expect(send.body).toContain('TASK_STATE_COMPLETED');
        const [, id] = /"id": "([0-9a-f-]{36})"/.exec(send.body) ?? [];
        expect(id).toBeDefined();

        const get = await opened('GetTask');
        await get.getByPlaceholder('id', { exact: true }).fill(id!);
        const read = await executed(get);
        expect(read.status).toBe('200');
        expect(read.body).toContain(id!);

        const cancel = await opened('CancelTask');
        await cancel.getByPlaceholder('id', { exact: true }).fill(id!);
        const refused = await executed(cancel);
        expect(refused.status).toBe('400');
        expect(refused.body).toContain('TASK_NOT_CANCELABLE');
      },
      LIMIT_MS,
    );

    it(
      'lists tasks, and calls a method by JSON-RPC',
      async () => {
        const list = await executed(await opened('ListTasks'));
        expect(list.status).toBe('200');
        expect(list.body).toContain('"totalSize"');
        const block = await opened('callDefaultAgent');
        await block
          .getByPlaceholder('A2A-Version')
          .or(block.locator('tr[data-param-name="A2A-Version"] select'))
          .first()
          .selectOption('1.0');
        const call = await executed(block);
        expect(call.status).toBe('200');
        expect(call.body).toContain('"jsonrpc": "2.0"');
        expect(call.body).not.toContain('"error"');
      },
      LIMIT_MS,
    );

    it('asks nobody but the service for anything, and has no error of its own', () => {
      expect(problems).toEqual([]);
    });
  },
);
