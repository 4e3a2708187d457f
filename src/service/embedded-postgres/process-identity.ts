import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import os from 'node:os';
import { errorCode } from './embedded-postgres.error.js';

/** Marks the process among all that ever had its pid. Undefined: nothing runs under that pid (a zombie does not run). */
export function processStart(pid: number): string | undefined {
  if (process.platform === 'linux') return linuxStart(pid);
  if (!answersSignals(pid)) return undefined;
  return process.platform === 'win32' ? 'unknown' : ps(pid, 'lstart=');
}

/** Where pids mean the same processes as here: the machine and, on Linux, the pid namespace. */
export function pidSpace(): string {
  if (process.platform !== 'linux') return os.hostname();
  try {
    return `${os.hostname()} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return os.hostname();
  }
}

/** The command line of a running process, arguments joined by spaces. */
export function commandLine(pid: number): string | undefined {
  if (process.platform !== 'linux') return process.platform === 'win32' ? undefined : ps(pid, 'command=');
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ');
  } catch {
    return undefined;
  }
}

/** Pids of the processes that stand in a directory; undefined where the system does not tell. */
export function processesIn(directory: string): number[] | undefined {
  if (process.platform !== 'linux') return undefined;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return readlinkSync(`/proc/${pid}/cwd`) === directory;
      } catch {
        return false;
      }
    });
}

function linuxStart(pid: number): string | undefined {
  try {
    // The name, in parentheses, may hold anything; state is the field after it and start time the twentieth.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${fields[19]}`;
  } catch {
    // With hidepid the processes of others are not to be seen.
    return answersSignals(pid) ? 'unknown' : undefined;
  }
}

/** True for zombies too, as for Postgres when it looks whether the pid in its pid file is in use. */
export function answersSignals(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

function ps(pid: number, column: string): string | undefined {
  try {
    return (
      execFileSync('ps', ['-o', column, '-p', String(pid)], { encoding: 'utf8', stdio: 'pipe' }).trim() || undefined
    );
  } catch {
    return undefined;
  }
}
