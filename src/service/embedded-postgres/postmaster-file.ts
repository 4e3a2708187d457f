import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { answersSignals, commandLine, processStart, processesIn } from './process-identity.js';

/** Processes of a server notice at once that it was killed, except in the middle of a long statement. */
const REMAINS_LIMIT_MS = 10_000;
const POLL_MS = 50;

/** What a running server says of itself in `postmaster.pid`. */
export interface RunningPostmaster {
  readonly pid: number;
  /** Undefined while it starts. */
  readonly port: number | undefined;
}

/** The server that runs on this cluster; undefined when none does, whatever the file says. */
export function runningPostmaster(cluster: string): RunningPostmaster | undefined {
  const lines = pidFile(cluster);
  const pid = Number(lines?.[0]);
  if (!lines || !Number.isSafeInteger(pid) || pid <= 0 || !isServerOf(pid, cluster)) return undefined;
  const port = Number(lines[3]);
  return { pid, port: Number.isSafeInteger(port) && port > 0 ? port : undefined };
}

/**
 * Makes way for a new server where the old one was killed: waits for its last processes to go, and removes a pid file
 * whose pid looks taken (by an unreaped zombie, by another process since), on account of which the new one would refuse
 * to start. Where the system does not tell what is left of the old server, it is for the new one to judge.
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

/** Pids are used again: the command line tells the server from another process. */
function isServerOf(pid: number, cluster: string): boolean {
  if (processStart(pid) === undefined) return false;
  return commandLine(pid)?.includes(cluster) ?? process.platform === 'win32';
}
