import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { readStream } from './clients/read-stream.mjs';
import { openUnread } from './clients/unread.client.mjs';
import { withServers } from './support/child-server.mjs';
import { residentMiB, watchMemory } from './support/process-usage.mjs';
import { call } from './support/rpc.mjs';
import { rounded } from './support/statistics.mjs';

const GOAL_MIB = 50;
const POLL_MS = 500;
const SETTLE_MS = 2_000;
const MIB = 1024 * 1024;

/** Clients that open a long stream each and never read: how far the server's resident set rises until the tasks are done. */
export async function unreadCase({ options, servers, say }) {
  const { clients, chunks, bytes, sdkChunks, sampleMs, limitMs } = options.unread;

  async function measure(start, length, numbered) {
    return withServers([start], async (server) => {
      // Whatever is loaded, compiled and allocated by the first streams belongs to no stream in particular.
      for (let n = 0; n < 5; n++) await readStream(server.agentUrl, { chunks: 100, bytes, numbered });
      await sleep(SETTLE_MS);
      const before = residentMiB(server.pid);
      const memory = watchMemory(server.pid, sampleMs);
      const contexts = Array.from({ length: clients }, () => randomUUID());
      const begin = performance.now();
      const open = [];
      try {
        for (const contextId of contexts) {
          open.push(await openUnread(server.agentUrl, `stream ${length} ${bytes}`, { contextId }));
        }
        for (const contextId of contexts) await completed(server, contextId, begin + limitMs);
        await sleep(SETTLE_MS);
      } finally {
        for (const client of open) client.close();
      }
      const result = {
        name: server.name,
        streamMiB: rounded((length * bytes) / MIB, 0),
        beforeMiB: rounded(before, 0),
        riseMiB: rounded(memory.stop() - before, 1),
        seconds: rounded((performance.now() - begin - SETTLE_MS) / 1000, 1),
      };
      say(`unread: ${JSON.stringify(result)}`);
      return result;
    });
  }

  // Room for the whole stream: each chunk counts with what stands around it.
  const room = { A2A_MAX_TASK_BYTES: String(2 * chunks * bytes) };
  const ours = await measure(() => servers.oursPostgresExpress(room), chunks, true);
  const sdk = await measure(servers.sdkMemory, sdkChunks, false);
  const figure = {
    name: `${clients} unread streams of ${ours.streamMiB} MiB on Postgres: MiB that the server grows by`,
    value: { median: ours.riseMiB },
    goal: GOAL_MIB,
    better: 'less',
  };
  return { figures: [figure], details: [ours, sdk] };
}

/** Waits for the context's task. A list leaves the artifacts out: to ask for the task would load all of it. */
async function completed(server, contextId, until) {
  for (;;) {
    const { tasks } = await call(server.agentUrl, 'ListTasks', { contextId, includeArtifacts: false });
    const state = tasks[0]?.status.state;
    if (state === 'TASK_STATE_COMPLETED') return;
    if (state && !['TASK_STATE_SUBMITTED', 'TASK_STATE_WORKING'].includes(state)) {
      throw new Error(`${server.name}: the unread task ended as ${state}\n${JSON.stringify(tasks[0].status)}`);
    }
    if (performance.now() > until) throw new Error(`${server.name}: the unread task is still ${state}`);
    await sleep(POLL_MS);
  }
}
