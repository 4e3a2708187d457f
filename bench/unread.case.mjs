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

/**
 * Clients that open a long stream each and never read: how far the server's resident set rises until the tasks are done.
 * Before, the same clients read the same streams to their ends, so that what the work itself takes is known as well: a heap
 * that much goes through grows, whichever client reads.
 */
export async function unreadCase({ options, servers, say }) {
  const { clients, chunks, bytes, sdkChunks, sampleMs, limitMs } = options.unread;

  async function measure(start, length, numbered) {
    return withServers([start], async (server) => {
      const idle = residentMiB(server.pid);
      const whileRead = watchMemory(server.pid, sampleMs);
      const reader = () => readStream(server.agentUrl, { chunks: length, bytes, numbered });
      await Promise.all(Array.from({ length: clients }, reader));
      const readPeak = whileRead.stop();
      await sleep(SETTLE_MS);
      const before = residentMiB(server.pid);
      const whileUnread = watchMemory(server.pid, sampleMs);
      const begin = performance.now();
      await leaveUnread(server, length, begin + limitMs);
      const seconds = (performance.now() - begin) / 1000;
      await sleep(SETTLE_MS);
      const unreadPeak = whileUnread.stop();
      const result = {
        name: server.name,
        streamMiB: rounded((length * bytes) / MIB, 0),
        idleMiB: rounded(idle, 0),
        readPeakMiB: rounded(readPeak, 0),
        beforeMiB: rounded(before, 0),
        unreadPeakMiB: rounded(unreadPeak, 0),
        seconds: rounded(seconds, 1),
      };
      say(`unread: ${JSON.stringify(result)}`);
      return result;
    });
  }

  async function leaveUnread(server, length, until) {
    const contexts = Array.from({ length: clients }, () => randomUUID());
    const open = [];
    try {
      for (const contextId of contexts) {
        open.push(await openUnread(server.agentUrl, `stream ${length} ${bytes}`, { contextId }));
      }
      for (const contextId of contexts) await completed(server, contextId, until);
    } finally {
      for (const client of open) client.close();
    }
  }

  // Room for the whole stream: each chunk counts with what stands around it.
  const room = { A2A_MAX_TASK_BYTES: String(2 * chunks * bytes) };
  const ours = await measure(() => servers.oursPostgresExpress(room), chunks, true);
  const sdk = await measure(servers.sdkMemory, sdkChunks, false);
  const what = `${clients} unread streams of ${ours.streamMiB} MiB on Postgres: MiB of the server above`;
  const figures = [
    {
      name: `${what} what it had before`,
      value: { median: ours.unreadPeakMiB - ours.beforeMiB },
      goal: GOAL_MIB,
      better: 'less',
    },
    {
      name: `${what} what it took when they were read`,
      value: { median: ours.unreadPeakMiB - ours.readPeakMiB },
      better: 'less',
    },
  ];
  return { figures, details: [ours, sdk] };
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
