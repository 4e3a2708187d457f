import pg from 'pg';
import { readStream } from './clients/read-stream.mjs';
import { withServers } from './support/child-server.mjs';
import { median, pairedRatio, rounded } from './support/statistics.mjs';

const TIME_GOAL = 2.1;
const WAL_GOAL = 10;

/** One stream on Postgres, and one of twice its length: the time, and what the database wrote to its log for it. */
export async function walCase({ options, servers, databases, say }) {
  const { sizes, bytes, rounds } = options.wal;
  const client = new pg.Client({ connectionString: databases.ours });
  await client.connect();
  const position = async () => (await client.query('select pg_current_wal_lsn() as lsn')).rows[0].lsn;
  const since = async (lsn) =>
    Number((await client.query('select pg_wal_lsn_diff(pg_current_wal_lsn(), $1) as bytes', [lsn])).rows[0].bytes);
  try {
    return await withServers([servers.oursPostgresExpress], async (server) => {
      const runs = Object.fromEntries(sizes.map((chunks) => [chunks, []]));
      await readStream(server.agentUrl, { chunks: sizes[0], bytes, numbered: true });
      for (let round = 0; round < rounds; round++) {
        for (const chunks of sizes) {
          const before = await position();
          const { ms } = await readStream(server.agentUrl, { chunks, bytes, numbered: true });
          runs[chunks].push({ ms, walPerByte: (await since(before)) / (chunks * bytes) });
        }
      }
      const [less, more] = sizes;
      const times = (chunks) => runs[chunks].map(({ ms }) => ms);
      const wal = Object.values(runs).flatMap((all) => all.map(({ walPerByte }) => walPerByte));
      const details = sizes.map((chunks) => ({
        chunks,
        medianMs: rounded(median(times(chunks)), 0),
        walPerByte: rounded(median(runs[chunks].map(({ walPerByte }) => walPerByte))),
      }));
      for (const one of details) say(`wal: ${one.chunks} chunks: ${one.medianMs} ms, ${one.walPerByte} bytes a byte`);
      return {
        figures: [
          {
            name: `stream of ${more} chunks on Postgres: time, of that of ${less}`,
            value: pairedRatio(times(more), times(less)),
            goal: TIME_GOAL,
            better: 'less',
          },
          {
            name: `chunks of ${bytes} bytes on Postgres: bytes of WAL for a byte of payload`,
            value: { median: median(wal), least: Math.min(...wal), greatest: Math.max(...wal) },
            goal: WAL_GOAL,
            better: 'less',
          },
        ],
        details,
      };
    });
  } finally {
    await client.end();
  }
}
