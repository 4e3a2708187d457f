import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { withServers } from './support/child-server.mjs';
import { quantile, rounded, spread } from './support/statistics.mjs';
import { post } from './support/rpc.mjs';
import { startTask } from './support/tasks.mjs';

const GOAL_S = 10;
const LIMIT_MS = 120_000;

/**
 * A process is killed with SIGKILL while it runs tasks; each has a reader at another one. Until when does the reader hear how its
 * task goes on: that it has failed (half of them, whose agent cannot be run again), or the next event of its second run.
 */
export async function takeoverCase({ options, servers, say }) {
  const { tasks, rounds, leases } = options.takeover;

  async function measure(env) {
    const start = () => servers.oursPostgresExpress(env);
    return withServers([start, start], async (victim, heir) => {
      const begun = await Promise.all(
        Array.from({ length: tasks }, async (_, n) => {
          const agent = n % 2 === 0 ? 'lab' : 'lab-resumable';
          const text = n % 2 === 0 ? 'sleep 3600000' : 'stream 100000 16 250';
          return { agent, id: await startTask(`${victim.url}/agents/${agent}`, text) };
        }),
      );
      const readers = await Promise.all(begun.map((task) => follow(heir, task)));
      // At any moment of its lease.
      await sleep(Math.random() * 2_000);
      victim.kill();
      const killed = performance.now();
      // What was written before it was killed is still being read.
      const quiet = killed + Math.min(1_000, Number(env.A2A_LEASE_MS ?? Infinity) / 2);
      const heard = readers.map((reader) => reader.hearsAfter(quiet));
      const late = sleep(LIMIT_MS, undefined, { ref: false }).then(() => {
        throw new Error(`a task was not gone on with in ${LIMIT_MS} ms`);
      });
      const times = await Promise.race([Promise.all(heard), late]);
      for (const { close } of readers) close();
      return times.map((at) => (at - killed) / 1000);
    });
  }

  const figures = [];
  const details = [];
  for (const lease of leases) {
    const env = lease === undefined ? {} : { A2A_LEASE_MS: String(lease) };
    const [last, middle] = [[], []];
    for (let round = 0; round < rounds; round++) {
      const seconds = await measure(env);
      last.push(Math.max(...seconds));
      middle.push(quantile(seconds, 0.5));
    }
    const what = lease === undefined ? 'default lease' : `lease of ${lease} ms`;
    details.push({ what, lastSeconds: last.map((s) => rounded(s)), medianSeconds: middle.map((s) => rounded(s)) });
    say(`takeover: ${JSON.stringify(details.at(-1))}`);
    figures.push({
      name: `process killed with ${tasks} tasks, ${what}: seconds until the last reader hears of its task`,
      value: { ...spread(last), median: Math.max(...last) },
      goal: GOAL_S,
      better: 'less',
    });
  }
  return { figures, details };
}

/** A reader; `hearsAfter(time)` resolves with the time of the first event after that. */
async function follow(server, { agent, id }) {
  const body = { jsonrpc: '2.0', id: 1, method: 'SubscribeToTask', params: { id } };
  const response = await post(`${server.url}/agents/${agent}`, body);
  let listen;
  response.setEncoding('utf8').on('data', (piece) => {
    if (piece.includes('id: ')) listen?.(performance.now());
  });
  response.on('error', () => undefined);
  return {
    hearsAfter: (time) => new Promise((resolve) => (listen = (at) => at > time && resolve(at))),
    close: () => response.destroy(),
  };
}
