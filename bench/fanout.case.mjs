import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runClient } from './clients/run-client.mjs';
import { startServer, withServers } from './support/child-server.mjs';
import { benchFile } from './support/paths.mjs';
import { processorMicros } from './support/process-usage.mjs';
import { post } from './support/rpc.mjs';
import { median, pairedRatio, rounded } from './support/statistics.mjs';
import { startTask } from './support/tasks.mjs';

const GOAL = 0.5;

/** Many readers of one task, against bare `node:http` that writes the same bytes to as many connections, at the same pace. */
export async function fanoutCase({ options, servers, say }) {
  const { readers, chunks, bytes, delayMs, waitMs, rounds } = options.fanout;
  const events = chunks + 1;
  const subscribe = (id) => ({ jsonrpc: '2.0', id: 1, method: 'SubscribeToTask', params: { id } });
  const directory = await mkdtemp(path.join(os.tmpdir(), 'a2a-fanout-'));
  const file = path.join(directory, 'frames.json');

  async function load(server, body) {
    const before = processorMicros(server.pid);
    const result = await runClient('fanout.load.mjs', { url: server.agentUrl, body, readers, events });
    const delivered = readers * events;
    return {
      perSecond: result.perSecond,
      serverMicros: (processorMicros(server.pid) - before) / delivered,
      clientMicros: result.cpuMicros / delivered,
    };
  }

  /** The frames as a reader of ours gets them: the bare server writes the same. */
  async function record(server) {
    const id = await startTask(server.agentUrl, `stream ${chunks} ${bytes} 0 2000`);
    const response = await post(server.agentUrl, subscribe(id));
    let text = '';
    for await (const piece of response.setEncoding('utf8')) text += piece;
    const [first, ...rest] = text.split('\n\n').filter((frame) => frame.startsWith('id: '));
    // A reader that came early has the Task as of 1, and sees it begin.
    const frames = [first.replace(/^id: 1\n/, 'id: 2\n'), ...rest.filter((frame) => !frame.startsWith('id: 2\n'))];
    if (frames.length !== events + 1)
      throw new Error(`${frames.length} frames were recorded: the reader came too late`);
    await writeFile(file, JSON.stringify(frames.map((frame) => `${frame}\n\n`)));
  }

  const ours = async (server) =>
    load(server, subscribe(await startTask(server.agentUrl, `stream ${chunks} ${bytes} ${delayMs} ${waitMs}`)));
  const bareInput = JSON.stringify({ file, readers, delayMs, waitMs: 500 });
  const bare = () =>
    withServers(
      [() => startServer('bare node:http', [benchFile('servers/bare-stream.server.mjs'), bareInput])],
      (server) => load(server, {}),
    );
  try {
    // All of them come from one address.
    const manyCalls = { A2A_MAX_CALLS_PER_CALLER: String(2 * readers) };
    return await withServers([() => servers.oursPostgresExpress(manyCalls)], async (server) => {
      await record(server);
      await ours(server);
      const results = { ours: [], bare: [] };
      for (let round = 0; round < rounds; round++) {
        results.bare.push(await bare());
        results.ours.push(await ours(server));
        await sleep(500);
      }
      const of = (name, key) => results[name].map((run) => run[key]);
      const details = ['ours', 'bare'].map((name) => ({
        name,
        ...Object.fromEntries(Object.keys(results[name][0]).map((key) => [key, rounded(median(of(name, key)), 2)])),
      }));
      for (const one of details) say(`fanout: ${JSON.stringify(one)}`);
      const what = `${readers} readers of one task on Postgres`;
      const figures = [
        {
          name: `${what}: events a second, of those of bare node:http`,
          value: pairedRatio(of('ours', 'perSecond'), of('bare', 'perSecond')),
          goal: GOAL,
          better: 'more',
        },
        {
          name: `${what}: processor time of bare node:http for an event, of that of this server`,
          value: pairedRatio(of('bare', 'serverMicros'), of('ours', 'serverMicros')),
          better: 'more',
        },
      ];
      return { figures, details };
    });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
