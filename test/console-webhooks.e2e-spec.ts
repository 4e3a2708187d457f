import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Locator } from 'playwright-core';
import type { Task } from '../src/protocol/model/index.js';
import { Gate } from './support/agent-of.js';
import { hasBrowser, launchBrowser } from './support/browser.js';
import { ConsolePage } from './support/console.page.js';
import { textMessage } from './support/rpc.client.js';
import { labOf, ServiceFleet } from './support/service.fleet.js';
import type { ServiceProcess } from './support/service.process.js';
import { until } from '../src/testing/contracts/until.js';
import { WebhookReceiver } from './support/webhook.receiver.js';

const LIMIT_MS = 240_000;
const ENV = { A2A_PUSH_ALLOWED_HOSTS: '127.0.0.1', A2A_PUSH_MAX_ATTEMPTS: '2', A2A_PUSH_TIMEOUT_MS: '600000' };
/** `echo` has three events: the task, its artifact, its end. */
const EVENTS = 3;

(hasBrowser('Webhooks in the console') ? describe : describe.skip)('the webhooks of the console', () => {
  let fleet: ServiceFleet;
  let service: ServiceProcess;
  let receiver: WebhookReceiver;
  let browser: Browser;
  let console: ConsolePage;
  let task: string;
  /** Opened, the receiver answers more than its first request. */
  const gate = new Gate();

  beforeAll(async () => {
    fleet = await ServiceFleet.create(ENV);
    service = await fleet.start();
    receiver = await WebhookReceiver.start();
    receiver.behave = async (response) => {
      if (receiver.received.length > 1) await gate.opened;
      response.writeHead(500, { 'content-type': 'text/plain' }).end('The receiver is broken.');
    };
    browser = await launchBrowser();
    console = await ConsolePage.open(browser, `${service.origin}/console/`);
    const configuration = { taskPushNotificationConfig: { id: 'hook', url: receiver.url() } };
    const sent = await labOf(service).result<{ task: Task }>('SendMessage', {
      message: textMessage('echo hello'),
      configuration,
    });
    task = sent.task.id;
  }, LIMIT_MS);

  afterAll(async () => {
    gate.open();
    await browser?.close();
    await fleet?.remove();
    await receiver?.stop();
  }, LIMIT_MS);

  const rows = (): Locator => console.page.getByRole('region', { name: 'Deliveries' }).locator('tbody tr');

  it(
    'show what is owed, what the receiver said, and when it is tried again',
    async () => {
      await console.go('webhooks');
      await console.text('The receiver is broken.').waitFor();
      const row = rows().filter({ hasText: 'The receiver is broken.' });
      const cells = await row.first().locator('td').allInnerTexts();
      const [url, id, event, attempts, said] = cells;
      expect([url, id?.slice(0, 8), event, attempts]).toEqual([receiver.url(), task.slice(0, 8), '1', '1']);
      expect(said).toContain('HTTP 500');
      expect(await row.getByRole('button').count()).toBe(0);
      expect(await console.barriers()).toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    'show as dead letters what was given up, with all attempts',
    async () => {
      gate.open();
      await console.go('webhooks?view=dead');
      await rows()
        .nth(EVENTS - 1)
        .waitFor();
      expect(await rows().count()).toBe(EVENTS);
      for (const row of await rows().all()) {
        const text = await row.innerText();
        expect(text).toContain('HTTP 500');
        expect(text).toContain('The receiver is broken.');
        expect(text).toContain('given up');
        const attempts = await row.locator('[title*="HTTP 500"]').getAttribute('title');
        expect(attempts?.split('\n')).toEqual(Array(2).fill(expect.stringContaining('HTTP 500')));
      }
      expect(await console.barriers()).toEqual([]);
      // So many dead letters in a row disable a webhook. A redrive enables it, see below.
      await console.go('webhooks?view=disabled');
      const disabled = console.page.getByRole('row').filter({ hasText: receiver.url() });
      await disabled.waitFor();
      const heads = await console.page.getByRole('columnheader').allInnerTexts();
      const cells = await disabled.locator('td').allInnerTexts();
      expect(cells[heads.indexOf('Dead letters')]).toBe(String(EVENTS));
    },
    LIMIT_MS,
  );

  it(
    'deliver a dead letter again when the receiver works, and delete one',
    async () => {
      receiver.behave = (response) => response.writeHead(204).end();
      const before = receiver.received.length;
      await console.go('webhooks?view=dead');
      for (let left = EVENTS; left > 1; left--) {
        await rows().last().getByRole('button', { name: 'Redrive' }).click();
        await until(async () => (await rows().count()) === left - 1);
      }
      const delivered = (await receiver.until('/hook', before + EVENTS - 1)).slice(before);
      expect(delivered.map(({ body }) => Object.keys(body)[0])).toEqual(['task', 'artifactUpdate']);
      await console.button('Delete').click();
      await console.button('Delete it').click();
      await console.text('There is no dead letter.').waitFor();
      await console.go(`tasks/${task}?tab=webhooks`);
      await console.text('Every event that a webhook asked for was delivered.').waitFor();
      expect(receiver.received.length).toBe(before + EVENTS - 1);
      await console.go('webhooks?view=webhooks');
      await console.page.locator('tbody .badge', { hasText: 'Active' }).waitFor();
      expect(console.problems).toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    'disable a webhook when you say so twice',
    async () => {
      await console.go('webhooks?view=webhooks');
      await console.button('Disable').click();
      await console.button('Keep').click();
      await console.button('Disable').click();
      await console.button('Send it nothing more').click();
      await console.page.locator('tbody .badge', { hasText: 'Disabled' }).waitFor();
      await console.go('webhooks?view=disabled');
      await console.text(receiver.url()).waitFor();
      expect(await console.barriers()).toEqual([]);
      expect(console.problems).toEqual([]);
    },
    LIMIT_MS,
  );
});
