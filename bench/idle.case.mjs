import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { withServers } from './support/child-server.mjs';
import { benchFile } from './support/paths.mjs';
import { residentMiB } from './support/process-usage.mjs';
import { rounded } from './support/statistics.mjs';
import { startTask } from './support/tasks.mjs';

const GOAL_KB = 20;
const SPARE_FILES = 500;

/** Streams on which nothing happens: what the server holds for each. */
export async function idleCase({ options, servers, say }) {
  const { streams, tasks, sources, settleMs } = options.idle;
  assertFiles(streams + SPARE_FILES);
  const collecting = { NODE_OPTIONS: `--import=${pathToFileURL(benchFile('servers/collect.preload.mjs'))}` };
  // All of them come from one address.
  const manyCalls = { A2A_MAX_CALLS_PER_CALLER: String(2 * streams) };
  return withServers([() => servers.oursPostgresExpress({ ...collecting, ...manyCalls })], async (server) => {
    const held = async () => {
      process.kill(server.pid, 'SIGUSR2');
      await sleep(settleMs / 4);
      return residentMiB(server.pid);
    };
    const ids = await Promise.all(Array.from({ length: tasks }, () => startTask(server.agentUrl, 'sleep 3600000')));
    const bodies = ids.map((id) => ({ jsonrpc: '2.0', id: 1, method: 'SubscribeToTask', params: { id } }));
    const hold = async (count, use) => {
      const input = JSON.stringify({ url: server.agentUrl, bodies, count, sources });
      const client = fork(benchFile('clients/idle.client.mjs'), [input]);
      const gone = once(client, 'exit').then(([code]) => Promise.reject(new Error(`the client ended with ${code}`)));
      gone.catch(() => undefined);
      try {
        await Promise.race([once(client, 'message'), gone]);
        const result = await use();
        client.send('end');
        const [{ alive }] = await Promise.race([once(client, 'message'), gone]);
        if (alive !== count) throw new Error(`${count - alive} of ${count} streams were cut`);
        return result;
      } finally {
        client.kill('SIGKILL');
      }
    };
    // What the code and the first growth of the heap take is not the streams'.
    await hold(Math.ceil(streams / 10), () => undefined);
    await sleep(settleMs);
    const before = await held();
    const result = await hold(streams, async () => {
      const opened = residentMiB(server.pid);
      await sleep(settleMs);
      return { opened, settled: residentMiB(server.pid), held: await held() };
    });
    const kB = (mib) => rounded(((mib - before) * 1024) / streams, 1);
    const details = {
      beforeMiB: rounded(before, 1),
      kBAtOnce: kB(result.opened),
      kBSettled: kB(result.settled),
      kB: kB(result.held),
    };
    say(`idle: ${streams} streams: ${JSON.stringify(details)}`);
    const name = `${streams} idle streams of ${tasks} tasks on Postgres: kB of the server for each`;
    const figures = [
      { name, value: { median: details.kB }, goal: GOAL_KB, better: 'less' },
      { name: `${name}, with the garbage of opening them`, value: { median: details.kBSettled } },
    ];
    return { figures, details };
  });
}

/** Node raises its own limit as far as it may; that must be enough for one end of each connection. */
function assertFiles(wanted) {
  const [, hard] = /^Max open files\s+\S+\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8'));
  if (hard === 'unlimited' || Number(hard) >= wanted) return;
  throw new Error(
    `the case idle needs ${wanted} open files and may have ${hard}: raise it with "ulimit -Hn ${wanted}" as root`,
  );
}
