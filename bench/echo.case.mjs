import { runClient } from './clients/run-client.mjs';
import { withServers } from './support/child-server.mjs';
import { processorMicros } from './support/process-usage.mjs';
import { median, pairedRatio, rounded } from './support/statistics.mjs';

/**
 * Blocking `echo hello N` sends, each a new task, on all connections at once. Two servers are loaded in turns, A B A B, and
 * compared round by round, so that what else the machine does falls on both.
 */
export async function echoCase({ options, servers, say }) {
  const { echo } = options;
  async function load(server, seconds, kind) {
    const before = processorMicros(server.pid);
    const input = { url: server.agentUrl, connections: echo.connections, seconds, kind };
    const result = await runClient('echo.load.mjs', input);
    return { ...result, cpuMicros: (processorMicros(server.pid) - before) / result.answers };
  }

  async function inTurns(kind, ...starts) {
    return withServers(starts, async (...started) => {
      for (const server of started) await load(server, echo.warmUpSeconds, kind);
      const results = started.map(({ name }) => ({ name, rounds: [] }));
      for (let round = 0; round < echo.rounds; round++) {
        for (const [index, server] of started.entries()) {
          results[index].rounds.push(await load(server, echo.seconds, kind));
        }
      }
      for (const { name, rounds } of results) say(`echo: ${name}: ${line(rounds)}`);
      return results;
    });
  }

  const pairs = [
    ['memory, Express', servers.oursMemoryExpress, servers.sdkMemory, 1.5],
    ['Postgres, Express', servers.oursPostgresExpress, servers.sdkPostgres, 4],
    ['memory, Fastify', servers.oursMemoryFastify, servers.sdkMemory, 3],
    ['Postgres, Fastify', servers.oursPostgresFastify, servers.sdkPostgres, undefined],
  ];
  const compared = [];
  const figures = [];
  for (const [where, ours, sdk, goal] of pairs) {
    const [a, b] = await inTurns('a2a', ours, sdk);
    const ratio = pairedRatio(perSecond(a), perSecond(b));
    compared.push(summary(a), summary(b));
    figures.push({
      name: `echo, ${where}: requests a second, of those of the SDK`,
      value: ratio,
      goal,
      better: 'more',
    });
    // Says nothing of the database's share, but depends little on what else the machine does.
    figures.push({
      name: `echo, ${where}: processor time of the SDK's server for a request, of that of this one`,
      value: pairedRatio(cpuMicros(b), cpuMicros(a)),
      better: 'more',
    });
  }
  const limits = await inTurns('bare', servers.bareNode, servers.bareNestExpress, servers.bareNestFastify);
  return { figures, details: { compared, limits: limits.map(summary) } };
}

const perSecond = ({ rounds }) => rounds.map((round) => round.perSecond);

const cpuMicros = ({ rounds }) => rounds.map((round) => round.cpuMicros);

const summary = ({ name, rounds }) => ({
  name,
  perSecond: rounded(median(rounds.map((round) => round.perSecond)), 0),
  cpuMicros: rounded(median(rounds.map((round) => round.cpuMicros)), 0),
  p50Ms: median(rounds.map(({ p50 }) => p50)),
  p99Ms: median(rounds.map(({ p99 }) => p99)),
});

const line = (rounds) =>
  rounds.map((round) => `${rounded(round.perSecond, 0)}/s`).join(' ') + `, ${summary({ rounds }).cpuMicros} us each`;
