import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import os from 'node:os';
import { errorCode } from './embedded-postgres.error.js';

/** Identifies a process among all that ever had its pid. undefined: no process runs under that pid (a zombie does not run). */
export function processStart(pid: number): string | undefined {
  if (process.platform === 'linux') return linuxStart(pid);
  if (!answersSignals(pid)) return undefined;
  return process.platform === 'win32' ? 'unknown' : ps(pid, 'lstart=');
}

/** The pid space: the machine and, on Linux, the pid namespace. */
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

/** Pids of the processes whose working directory this is; undefined if the system does not tell. */
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
    // The name, in parentheses, may contain anything. The state is the field after it, the start time the twentieth.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${fields[19]}`;
  } catch {
    // With hidepid, processes of other users are invisible.
    return answersSignals(pid) ? 'unknown' : undefined;
  }
}

/** Also true for zombies, like Postgres' own check of the pid in its pid file. */
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
