// Asks the console one question a screen, on a service with 100,000 tasks, and prints how long the page took to show the answer.
import os from 'node:os';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { withServers } from '../support/child-server.mjs';
import { contenders } from '../support/contenders.mjs';
import { withDatabases } from '../support/databases.mjs';
import { median, rounded } from '../support/statistics.mjs';
import { fill } from './fill.mjs';
import { liveAt, originalsAt } from './originals.mjs';
import { questionsAbout } from './questions.mjs';

const { values } = parseArgs({
  options: { tasks: { type: 'string', default: '100000' }, rounds: { type: 'string', default: '5' } },
});
const [tasks, rounds] = [Number(values.tasks), Number(values.rounds)];
const LIMIT_MS = 120_000;
const DEAD_AT_ONCE = { A2A_PUSH_ALLOWED_HOSTS: '127.0.0.1', A2A_PUSH_MAX_ATTEMPTS: '1' };

/** How long the slowest answer of the API was under way, in ms. */
const SLOWEST = `Math.max(0, ...performance.getEntriesByType('resource')
  .filter(({ name, responseEnd }) => name.includes('/console/api/') && responseEnd > 0)
  .map(({ requestStart, responseEnd }) => responseEnd - requestStart))`;

/** Time from opening the address in a new browser profile until the answer is shown, in ms, and of that the slowest answer of the API. */
async function ask(browser, { url }, { route, answer }) {
  const context = await browser.newContext({ viewport: { width: 1360, height: 860 } });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(LIMIT_MS);
    const noon = new Date(Date.now() - 43_200_000).toISOString().slice(0, 16);
    const begun = performance.now();
    await page.goto(`${url}/console/#/${route.replace('{noon}', encodeURIComponent(noon))}`, { waitUntil: 'commit' });
    await answer(page);
    const ms = performance.now() - begun;
    return { ms, api: await page.evaluate(SLOWEST) };
  } finally {
    await context.close();
  }
}

/** An interrupted run ends the server that it has started. */
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

await withDatabases(async (databases) => {
  const { oursPostgresExpress: start } = contenders(databases);
  const originals = await withServers([() => start(DEAD_AT_ONCE)], originalsAt);
  const begun = performance.now();
  const counted = await fill(databases.ours, originals, tasks);
  console.log(
    `${counted.tasks} tasks with ${counted.events} events, filled in ${rounded((performance.now() - begun) / 1000, 0)} s`,
  );
  await withServers([() => start(DEAD_AT_ONCE)], async (server) => {
    const long = await liveAt(server);
    const executablePath = process.env.A2A_TEST_BROWSER ?? '/usr/bin/chromium';
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
    try {
      for (const question of questionsAbout(long)) {
        const asked = [];
        for (let round = 0; round < rounds; round++) asked.push(await ask(browser, server, question));
        const [first, ms, api] = [asked[0].ms, median(asked.map(({ ms }) => ms)), median(asked.map(({ api }) => api))];
        const cells = [
          question.screen,
          question.question,
          ...[first, ms, api].map((time) => `${rounded(time / 1000)} s`),
        ];
        console.log(`| ${cells.join(' | ')} |`);
      }
    } finally {
      await browser.close();
    }
  });
  const load = os.loadavg().map((value) => rounded(value, 1));
  console.log(
    `${os.cpus().length} × ${os.cpus()[0].model}, ${databases.server}, Node ${process.version}, load ${load}`,
  );
});
