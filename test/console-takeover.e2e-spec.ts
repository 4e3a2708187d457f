import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { Browser } from 'playwright-core';
import type { Task } from '../src/protocol/model/index.js';
import { hasBrowser, launchBrowser } from './support/browser.js';
import { ConsolePage } from './support/console.page.js';
import { type LossyProxy, openLossyProxy } from './support/lossy-proxy.js';
import { ReplayedLog } from './support/replayed-log.js';
import { textMessage } from './support/rpc.client.js';
import { labOf, ServiceFleet } from './support/service.fleet.js';
import type { ServiceProcess } from './support/service.process.js';

const LIMIT_MS = 300_000;
const END = { timeout: LIMIT_MS };
/** A lease that a busy machine keeps; where a process loses it all the same, its runs are only run once more. */
const ENV = { A2A_LEASE_MS: '4000', A2A_RECOVERY_MS: '500', A2A_MAX_ATTEMPTS: '10', A2A_AUDIT: 'database' };
/** Long enough for a page that loads on a busy machine. A chunk of eight bytes is its number. */
const ASKED = { chunks: 250, bytes: 8, delayMs: 150 };
const STREAM = `stream ${ASKED.chunks} ${ASKED.bytes} ${ASKED.delayMs}`;
const HEADS = Array.from({ length: ASKED.chunks }, (_, index) => String(index).padStart(8, '0'));

(hasBrowser('Takeovers in the console') ? describe : describe.skip)(
  'a replica that is killed while the console watches',
  () => {
    let fleet: ServiceFleet;
    let browser: Browser;
    let first: ServiceProcess;
    let second: ServiceProcess;
    let third: ServiceProcess;
    let proxy: LossyProxy;

    beforeAll(async () => {
      fleet = await ServiceFleet.create(ENV);
      browser = await launchBrowser();
      first = await fleet.start();
      second = await fleet.start();
      third = await fleet.start();
    }, LIMIT_MS);

    afterAll(async () => {
      await browser?.close();
      await proxy?.close();
      await fleet?.remove();
    }, LIMIT_MS);

    async function begin(service: ServiceProcess): Promise<string> {
      const params = { message: textMessage(STREAM), configuration: { returnImmediately: true } };
      return (await labOf(service, 'lab-resumable').result<{ task: Task }>('SendMessage', params)).task.id;
    }

    /** The page ends up with each event of the log, and each chunk, once and in order. */
    async function expectWhole({ page, timeline }: { page: ConsolePage; timeline: ReadonlyMap<number, string> }) {
      const id = new URL(page.page.url()).hash.replace(/^#\/tasks\/([^?]+).*/, '$1');
      const log = await ReplayedLog.read(labOf(third, 'lab-resumable'), id);
      log.expectWhole(ASKED);
      expect([...timeline.keys()]).toEqual(Array.from({ length: log.lastSeq }, (_, index) => index + 1));
      const texts = [...timeline.values()].join('\n');
      expect(texts.match(/\d{8}/g)).toEqual(HEADS);
      expect(texts).toMatch(/fence \d+ → \d+/);
    }

    it(
      'shows the takeover, and goes on without a gap',
      async () => {
        const page = await ConsolePage.open(browser, `${second.origin}/console/`);
        await page.go(`tasks/${await begin(first)}`);
        await page.text('Live').waitFor();
        await page.page.getByRole('option', { name: /\d{8}/ }).first().waitFor();
        await first.kill('SIGKILL');
        const facts = page.page.getByRole('region', { name: 'Facts' });
        await facts.getByText('Lost processes').waitFor();
        await facts.getByText(/^1 · [2-9]/).waitFor();
        await page.page.locator('.head', { hasText: 'Completed' }).waitFor(END);
        await expectWhole({ page, timeline: await page.timeline() });
        expect(await page.barriers()).toEqual([]);
        await page.go('replicas');
        await page.page.getByRole('region', { name: 'Tasks that were taken over' }).waitFor();
        expect(await page.barriers()).toEqual([]);
        expect(page.problems).toEqual([]);
        await page.page.close();
      },
      LIMIT_MS,
    );

    it(
      'reconnects behind a proxy when its own replica is killed, which the lab has a button for',
      async () => {
        proxy = await openLossyProxy(() => (second.alive ? second : third).origin);
        const base = `${proxy.url}console/`;
        const [watching, trying, replicas] = [
          await ConsolePage.open(browser, base),
          await ConsolePage.open(browser, base),
          await ConsolePage.open(browser, base),
        ];
        await replicas.go('replicas');
        await trying.go('try?agent=lab-resumable');
        await trying.send(STREAM);
        await trying.page.locator('.received-row').nth(5).waitFor();
        const id = await trying.shownTask();
        await watching.go(`tasks/${id}`);
        await watching.text('Live').waitFor();

        await replicas.button('Kill this replica').click();
        await replicas.button('Kill it now').click();
        expect(await second.exited).toEqual({ code: null, signal: 'SIGKILL' });

        await trying.text(/Connection \d+: resumed with Last-Event-ID \d+/).waitFor();
        await trying.page.locator('.received-row', { hasText: 'Completed' }).waitFor(END);
        const seqs = await trying.page.locator('.received-row .event-seq').allInnerTexts();
        expect(seqs).toEqual(seqs.map((_, index) => String(index + 1)));
        expect((await trying.page.locator('.made').innerText()).match(/\d{8}/g)).toEqual(HEADS);
        await watching.page.locator('.head', { hasText: 'Completed' }).waitFor(END);
        const timeline = await watching.timeline();
        expect(timeline.size).toBe(seqs.length);
        await expectWhole({ page: watching, timeline });
        await replicas.text('answers you').waitFor();
        expect(await actsOnRecord()).toEqual(['kill-replica ok']);
      },
      LIMIT_MS,
    );

    it(
      'has no such button outside the lab',
      async () => {
        const plain = await fleet.start({}, { lab: false });
        const page = await ConsolePage.open(browser, `${plain.origin}/console/`);
        await page.go('replicas');
        await page.text('answers you').waitFor();
        expect(await page.page.getByRole('button', { name: /Kill/ }).count()).toBe(0);
        expect(page.problems).toEqual([]);
      },
      LIMIT_MS,
    );

    async function actsOnRecord(): Promise<string[]> {
      const client = new pg.Client({ connectionString: fleet.database.url });
      await client.connect();
      try {
        const { rows } = await client.query<{ record: string }>('select record from a2a_audit order by id');
        const records = rows.map(({ record }) => JSON.parse(record) as Record<string, string>);
        return records.filter(({ kind }) => kind === 'admin').map(({ action, outcome }) => `${action} ${outcome}`);
      } finally {
        await client.end();
      }
    }
  },
);
