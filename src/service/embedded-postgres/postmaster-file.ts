import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { answersSignals, commandLine, processStart, processesIn } from './process-identity.js';

/** Time for the processes of a killed server to end, in ms. They notice at once, except during a long statement. */
const REMAINS_LIMIT_MS = 10_000;
const POLL_MS = 50;

/** What a running server writes to `postmaster.pid`. */
export interface RunningPostmaster {
  readonly pid: number;
  /** undefined while it starts. */
  readonly port: number | undefined;
}

/** The server that runs on this cluster; undefined if there is none, even if the file says so. */
export function runningPostmaster(cluster: string): RunningPostmaster | undefined {
  const lines = pidFile(cluster);
  const pid = Number(lines?.[0]);
  if (!lines || !Number.isSafeInteger(pid) || pid <= 0 || !isServerOf(pid, cluster)) return undefined;
  const port = Number(lines[3]);
  return { pid, port: Number.isSafeInteger(port) && port > 0 ? port : undefined };
}

/**
 * Prepares the cluster for a new server after the old one was killed: waits for its last processes to end, and removes a pid file
 * whose pid is in use again (by a zombie or another process), because of which the new server would refuse to start. If the
 * system does not tell what is left of the old server, the new one decides.
 */
export async function clearRemains(cluster: string): Promise<void> {
  const pid = Number(pidFile(cluster)?.[0]);
  if (!Number.isSafeInteger(pid) || pid <= 0 || isServerOf(pid, cluster)) return;
  for (let waited = 0; waited < REMAINS_LIMIT_MS; waited += POLL_MS) {
    const remains = processesIn(cluster);
    if (remains === undefined) return;
    if (remains.length === 0) {
      if (answersSignals(pid)) rmSync(path.join(cluster, 'postmaster.pid'), { force: true });
      return;
    }
    await sleep(POLL_MS);
  }
}

function pidFile(cluster: string): string[] | undefined {
  try {
    return readFileSync(path.join(cluster, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return undefined;
  }
}

/** Pids are reused: the command line identifies the server. */
function isServerOf(pid: number, cluster: string): boolean {
  if (processStart(pid) === undefined) return false;
  return commandLine(pid)?.includes(cluster) ?? process.platform === 'win32';
}
