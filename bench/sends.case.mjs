import os from 'node:os';
import { performance } from 'node:perf_hooks';
import pg from 'pg';
import { runClient } from './clients/run-client.mjs';
import { withServers } from './support/child-server.mjs';
import { databaseMicros, processorMicros } from './support/process-usage.mjs';
import { median, rounded, spread } from './support/statistics.mjs';

/** Sends that are accepted without waiting for what comes of them, with one, two, three processes on one Postgres. */
export async function sendsCase({ options, servers, databases, say }) {
  const { replicas, connections, seconds, rounds } = options.sends;
  const database = new pg.Client({ connectionString: databases.ours });
  await database.connect();

  async function load(started) {
    const before = [started.map(({ pid }) => processorMicros(pid)), await databaseMicros(database)];
    const begin = performance.now();
    const urls = started.map(({ agentUrl }) => agentUrl);
    const { sends, perSecond, p99, cpuMicros } = await runClient('sends.load.mjs', { urls, connections, seconds });
    const tookMicros = (performance.now() - begin) * 1000;
    const servers = started.reduce((sum, { pid }, index) => sum + processorMicros(pid) - before[0][index], 0);
    const theirs = (await databaseMicros(database)) - before[1];
    const busy = (micros) => rounded(micros / tookMicros);
    return {
      ...{ sends, perSecond, p99 },
      // Of one processor; the rest of the machine's is idle or waits for the disk.
      busy: { servers: busy(servers), database: busy(theirs), client: busy(cpuMicros), of: os.cpus().length },
    };
  }

  try {
    const details = [];
    for (const count of replicas) {
      const starts = Array.from({ length: count }, () => servers.oursPostgresExpress);
      await withServers(starts, async (...started) => {
        await load(started);
        const runs = [];
        for (let round = 0; round < rounds; round++) runs.push(await load(started));
        const perSecond = runs.map((run) => run.perSecond);
        details.push({ count, perSecond, p99: rounded(median(runs.map(({ p99 }) => p99))), busy: runs.at(-1).busy });
        say(`sends: ${count} replicas: ${rounded(median(perSecond), 0)}/s, ${JSON.stringify(details.at(-1))}`);
      });
    }
    const figures = details.map(({ count, perSecond }) => ({
      name: `sends accepted a second, ${count} ${count === 1 ? 'process' : 'processes'} on one Postgres`,
      value: spread(perSecond),
      better: 'more',
    }));
    return { figures, details };
  } finally {
    await database.end();
  }
}
