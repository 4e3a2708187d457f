import { setTimeout as sleep } from 'node:timers/promises';
import { runClient } from './clients/run-client.mjs';
import { startServer, withServers } from './support/child-server.mjs';
import { benchFile } from './support/paths.mjs';
import { processorMicros } from './support/process-usage.mjs';
import { median, pairedRatio, rounded, spread } from './support/statistics.mjs';

/** `echo` is submitted, has one artifact and is completed: that is three notifications. */
const PER_TASK = 3;
const LIMIT_MS = 120_000;

/** Notifications of a burst of tasks to one receiver that answers at once, next to bare POSTs to the same. */
export async function webhooksCase({ options, servers, say }) {
  const { tasks, rounds, concurrency } = options.webhooks;
  const receive = () => startServer('webhook', [benchFile('servers/webhook-receiver.server.mjs')]);
  const ours = () => servers.oursPostgresExpress({ A2A_PUSH_ALLOWED_HOSTS: '127.0.0.1' });
  const details = await withServers([receive, ours], async (receiver, service) => {
    const seen = async (path = '/') => (await globalThis.fetch(receiver.url + path)).json();

    async function rateOf(count, begin) {
      await seen('/reset');
      await begin();
      const until = Date.now() + LIMIT_MS;
      for (let now = await seen(); now.count < count; now = await seen()) {
        if (Date.now() > until) throw new Error(`${now.count} of ${count} notifications arrived:\n${service.output()}`);
        await sleep(50);
      }
      const { first, last, disordered } = await seen();
      if (disordered > 0) throw new Error(`${disordered} notifications were out of order.`);
      return (count / (last - first)) * 1000;
    }

    const count = tasks * PER_TASK;
    const webhook = `${receiver.url}/hook`;
    const notified = () =>
      rateOf(count, () => runClient('webhook-sends.load.mjs', { url: service.agentUrl, webhook, tasks, concurrency }));
    const posted = () =>
      rateOf(count, () => runClient('posts.load.mjs', { url: webhook, count, concurrency: 16, bytes: 200 }));
    await notified();
    const [delivered, bare, micros] = [[], [], []];
    for (let round = 0; round < rounds; round++) {
      const before = processorMicros(service.pid);
      delivered.push(await notified());
      // Of the server, with what it takes to run the tasks.
      micros.push((processorMicros(service.pid) - before) / count);
      bare.push(await posted());
    }
    return { tasks, delivered, bare, micros };
  });
  const { delivered, bare, micros } = details;
  say(
    `webhooks: ${rounded(median(delivered), 0)}/s, bare POSTs ${rounded(median(bare), 0)}/s, ${rounded(median(micros), 0)} µs of the server each`,
  );
  return {
    figures: [
      {
        name: `notifications a second of ${tasks} tasks to one webhook on Postgres`,
        value: spread(delivered),
        better: 'more',
        goal: 300,
      },
      { name: 'notifications a second, of bare POSTs by fetch', value: pairedRatio(delivered, bare), better: 'more' },
    ],
    details,
  };
}
