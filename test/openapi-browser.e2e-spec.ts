import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { freePort } from './support/free-port.js';
import { hasBrowser, launchBrowser } from './support/browser.js';
import { ServiceProcess } from './support/service.process.js';

const LIMIT_MS = 240_000;

/** The pages as somebody uses them. Without a browser there is nothing to use them with. */
(hasBrowser('The pages of /docs') ? describe : describe.skip).each(['express', 'fastify'])(
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
      browser = await launchBrowser();
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
      const clear = block.getByRole('button', { name: 'Clear' });
      if (await clear.isVisible()) await clear.click();
      await block.getByRole('button', { name: 'Execute' }).click();
      const live = block.locator('.live-responses-table .response').first();
      await live.waitFor();
      return {
        status: (await live.locator('.response-col_status').innerText()).trim(),
        body: await live.locator('.response-col_description').innerText(),
      };
    }

    it(
      'sends the example of message:send each time as a new message, and reads and cancels the last task',
      async () => {
        const sending = await opened('SendMessage');
        const first = await executed(sending);
        const send = await executed(sending);
        const idIn = (body: string) => /"id": "([0-9a-f-]{36})"/.exec(body)?.[1];
        expect(idIn(send.body)).not.toBe(idIn(first.body));
        expect(send.status).toBe('200');
        expect(send.body).toContain('TASK_STATE_COMPLETED');
        const id = idIn(send.body);
        expect(id).toBeDefined();

        const get = await opened('GetTask');
        const read = await executed(get);
        expect(read.status).toBe('200');
        expect(read.body).toContain(id!);

        const cancel = await opened('CancelTask');
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
        const block = await opened('call');
        for (const method of ['SendMessage', 'message/send']) {
          await block.locator('.examples-select select').first().selectOption(method);
          const call = await executed(block);
          expect(call.status).toBe('200');
          expect(call.body).toContain('"jsonrpc": "2.0"');
          expect(call.body).not.toContain('"error"');
        }
      },
      LIMIT_MS,
    );

    it('asks nobody but the service for anything, and has no error of its own', () => {
      expect(problems).toEqual([]);
    });
  },
);
