import { readStream } from './clients/read-stream.mjs';
import { withServers } from './support/child-server.mjs';
import { median, rounded } from './support/statistics.mjs';

const WARM_UP = 250;
const GOAL = 100;

/** One stream of N chunks at a time: from the request until all of it was read and checked. */
export async function streamCase({ options, servers, say }) {
  const { sizes, bytes, rounds, slowFrom, slowRounds } = options.stream;
  const starts = [servers.oursPostgresExpress, servers.oursMemoryExpress, servers.sdkMemory];
  return withServers(starts, async (...started) => {
    const contenders = started.map((server) => ({ server, numbered: server.name.startsWith('nest-a2a'), times: {} }));
    const time = async ({ server, numbered }, chunks) =>
      (await readStream(server.agentUrl, { chunks, bytes, numbered })).ms;
    for (const contender of contenders) for (let n = 0; n < 10; n++) await time(contender, WARM_UP);
    for (const chunks of sizes) {
      for (let round = 0; round < rounds; round++) {
        for (const contender of contenders) {
          // Where the SDK takes minutes, one round of it must do.
          if (!contender.numbered && chunks >= slowFrom && round >= slowRounds) continue;
          (contender.times[chunks] ??= []).push(await time(contender, chunks));
        }
      }
      say(
        `stream of ${chunks}: ${contenders.map((one) => `${one.server.name} ${shown(one.times[chunks])}`).join('; ')}`,
      );
    }
    const largest = sizes.at(-1);
    const of = ({ times }) => median(times[largest]);
    const [postgres, memory, sdk] = contenders;
    const figure = (ours, where) => ({
      name: `stream of ${largest} chunks, ${where}: times faster than the SDK in memory`,
      value: { median: of(sdk) / of(ours) },
      goal: GOAL,
      better: 'more',
    });
    const details = contenders.map(({ server, times }) => ({ name: server.name, medianMs: mediansOf(times) }));
    return { figures: [figure(memory, 'memory'), figure(postgres, 'Postgres')], details };
  });
}

const shown = (times) => `${rounded(median(times), 0)} ms`;

const mediansOf = (times) =>
  Object.fromEntries(Object.entries(times).map(([chunks, measured]) => [chunks, rounded(median(measured), 1)]));
