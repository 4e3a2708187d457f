import { once } from 'node:events';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { benchFile } from './support/paths.mjs';
import { post, sendRequest } from './support/rpc.mjs';
import { median, spread } from './support/statistics.mjs';

const LIMITS = { memory: { files: 65, functions: 210 }, Postgres: { files: 75, functions: 270 } };
/** Longer than the server takes after its answer. */
const SETTLE_MS = 100;

/** How many of our files and functions one SendMessage enters, when the server is warm. */
export async function journeyCase({ options, servers, say }) {
  const { warmUp, rounds } = options.journey;
  const hook = { NODE_OPTIONS: `--import ${pathToFileURL(benchFile('servers/coverage.hook.mjs')).href}` };
  const starts = { memory: servers.oursMemoryExpress, Postgres: servers.oursPostgresExpress };
  const figures = [];
  const details = [];
  for (const [name, start] of Object.entries(starts)) {
    const server = await start(hook);
    try {
      for (let n = 0; n < warmUp; n++) await echo(server);
      const runs = [];
      for (let round = 0; round < rounds; round++) runs.push(await journey(server));
      const files = runs.map((run) => Object.keys(run).length);
      const functions = runs.map((run) => Object.values(run).flat().length);
      // What runs beside a request now and then is in some of the rounds only.
      const typical = runs.find((_, round) => functions[round] === median(functions)) ?? runs[0];
      details.push({ name, files: typical });
      say(`journey: ${name}: ${median(files)} files, ${median(functions)} functions`);
      for (const [what, counts] of Object.entries({ files, functions })) {
        figures.push({
          name: `${what} that one SendMessage enters, ${name}`,
          value: spread(counts),
          goal: LIMITS[name][what],
          better: 'less',
        });
      }
    } finally {
      await server.stop();
    }
  }
  return { figures, details };
}

async function echo(server) {
  const response = await post(server.agentUrl, sendRequest('SendMessage', 'echo hello'));
  response.resume();
  await once(response, 'end');
}

async function journey(server) {
  await sleep(SETTLE_MS);
  process.kill(server.pid, 'SIGUSR2');
  await said(server, 'Counting');
  await echo(server);
  await sleep(SETTLE_MS);
  process.kill(server.pid, 'SIGHUP');
  return JSON.parse(await said(server, 'Entered '));
}

/** The rest of the line that begins so. Output is kept in part: only its end is looked at. */
async function said(server, words) {
  for (let n = 0; n < 100; n++) {
    const line = server.output().split('\n').slice(0, -1).at(-1);
    if (line?.startsWith(words)) return line.slice(words.length);
    await sleep(20);
  }
  throw new Error(`The server did not say '${words}':\n${server.output()}`);
}
