import pg from 'pg';
import { readStream } from './clients/read-stream.mjs';
import { runClient } from './clients/run-client.mjs';
import { withServers } from './support/child-server.mjs';
import { databaseMicros, processorMicros } from './support/process-usage.mjs';
import { median, rounded, spread } from './support/statistics.mjs';

const GOAL = 10_000;

/** Many tasks on Postgres at once, each streamed to its reader: events a second, and who has the processors meanwhile. */
export async function streamsCase({ options, servers, databases, say }) {
  const { tasks, chunks, bytes, rounds } = options.streams;
  const database = new pg.Client({ connectionString: databases.ours });
  await database.connect();
  try {
    return await withServers([servers.oursPostgresExpress], async (server) => {
      const load = async () => {
        const [ours, theirs] = [processorMicros(server.pid), await databaseMicros(database)];
        const { events, seconds, cpuMicros } = await runClient('streams.load.mjs', {
          ...{ url: server.agentUrl, tasks, chunks, bytes },
        });
        const each = (micros) => rounded(micros / events, 1);
        return {
          perSecond: events / seconds,
          serverMicros: each(processorMicros(server.pid) - ours),
          databaseMicros: each((await databaseMicros(database)) - theirs),
          clientMicros: each(cpuMicros),
        };
      };
      // Every byte of some is checked; then the processors are for the server.
      await readStream(server.agentUrl, { chunks, bytes, numbered: true });
      await load();
      const runs = [];
      for (let round = 0; round < rounds; round++) runs.push(await load());
      const of = (key) => runs.map((run) => run[key]);
      const details = Object.fromEntries(Object.keys(runs[0]).map((key) => [key, rounded(median(of(key)), 1)]));
      say(`streams: ${JSON.stringify(details)}`);
      const name = `${tasks} tasks on Postgres, each streamed to its reader: events a second`;
      return { figures: [{ name, value: spread(of('perSecond')), goal: GOAL, better: 'more' }], details };
    });
  } finally {
    await database.end();
  }
}
