import { Buffer } from 'node:buffer';
import http from 'node:http';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { randomUUID } from 'node:crypto';
import { withServers } from './support/child-server.mjs';
import { processorMicros } from './support/process-usage.mjs';
import { HEADERS } from './support/rpc.mjs';
import { median, rounded } from './support/statistics.mjs';

const GOAL_MS = 250;
/** Under the default limit of 150,000 values and keys, with what is around them. */
const MOST = 149_900;
const MEGABYTES = 9_500_000;
const AFTER_MS = 300;

const repeated = (text, times) => Array(Math.floor(times)).fill(text).join(',');
const KINDS = {
  'empty arrays': () => `[${repeated('[]', MOST)}]`,
  'empty objects': () => `[${repeated('{}', MOST)}]`,
  numbers: () => `[${repeated('1.5', MOST)}]`,
  keys: () => `{${Array.from({ length: MOST / 2 }, (_, n) => `"key-${n}":1`).join(',')}}`,
  'long strings': () => `[${repeated(`"${'x'.repeat(60)}"`, MOST)}]`,
  'one string': () => `"${'x'.repeat(MEGABYTES)}"`,
  'escapes in a string': () => `"${'\\n'.repeat(MEGABYTES / 2)}"`,
  'refused: 9.5 MB of empty arrays': () => `[${repeated('[]', MEGABYTES / 3)}]`,
};

/** How long one request of the most values keeps everybody else waiting. */
export async function bodiesCase({ options, servers, say }) {
  const { rounds } = options.bodies;
  return withServers([servers.oursMemoryExpress], async (server) => {
    const agent = new http.Agent({ keepAlive: true });
    const ask = (url, request, body) =>
      new Promise((resolve, reject) => {
        const sent = http.request(url, { agent, ...request }, (response) => response.resume().on('end', resolve));
        sent.on('error', reject);
        sent.end(body);
      });

    /** The longest time that a small request took while the body was taken. */
    async function stallOf(data) {
      const parts = `[{"text":"echo hi"},{"data":${data}}]`;
      const message = `{"messageId":"${randomUUID()}","role":"ROLE_USER","parts":${parts}}`;
      const body = `{"jsonrpc":"2.0","id":1,"method":"SendMessage","params":{"message":${message},"configuration":{"returnImmediately":true}}}`;
      const before = processorMicros(server.pid);
      let busy = true;
      let longest = 0;
      const probes = (async () => {
        while (busy) {
          const begin = performance.now();
          await ask(`${server.url}/health/live`, {});
          longest = Math.max(longest, performance.now() - begin);
          await sleep(1);
        }
      })();
      await ask(server.agentUrl, { method: 'POST', headers: HEADERS }, Buffer.from(body));
      await sleep(AFTER_MS);
      busy = false;
      await probes;
      return { longest, cpuMs: (processorMicros(server.pid) - before) / 1000 };
    }

    const figures = [];
    const details = [];
    for (const [kind, make] of Object.entries(KINDS)) {
      const data = make();
      const runs = [];
      for (let round = 0; round <= rounds; round++) {
        const run = await stallOf(data);
        // The first round compiles.
        if (round > 0) runs.push(run);
      }
      const stalls = runs.map(({ longest }) => longest);
      const value = { median: median(stalls), least: Math.min(...stalls), greatest: Math.max(...stalls) };
      details.push({
        kind,
        bytes: data.length,
        stallMs: rounded(value.median),
        cpuMs: rounded(median(runs.map(({ cpuMs }) => cpuMs))),
      });
      say(`bodies: ${JSON.stringify(details.at(-1))}`);
      figures.push({ name: `a body of ${kind}: ms that others wait`, value, goal: GOAL_MS, better: 'less' });
    }
    agent.destroy();
    return { figures, details };
  });
}
