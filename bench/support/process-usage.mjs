import { readFileSync } from 'node:fs';
import { clearInterval, setInterval } from 'node:timers';

const MIB = 1024;

/** The resident set of a process, in MiB (Linux). */
export function residentMiB(pid) {
  const [, kiB] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(kiB) / MIB;
}

/** Looks at a process' resident set again and again until it is stopped; `stop` answers the greatest it has seen. */
export function watchMemory(pid, everyMs) {
  let peak = residentMiB(pid);
  const timer = setInterval(() => (peak = Math.max(peak, residentMiB(pid))), everyMs);
  return {
    stop() {
      clearInterval(timer);
      return Math.max(peak, residentMiB(pid));
    },
  };
}

const TICKS_PER_SECOND = 100;
/** Of the fields behind the name in parentheses: utime and stime. */
const [USER, SYSTEM] = [11, 12];

/** The processor time that a process has taken so far, in microseconds, to 10 ms (Linux). */
export function processorMicros(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return ((Number(fields[USER]) + Number(fields[SYSTEM])) / TICKS_PER_SECOND) * 1e6;
}

/**
 * The processor time that the sessions of a client's database have taken so far, in microseconds; NaN when the server is on
 * another machine.
 */
export async function databaseMicros(client) {
  const { rows } = await client.query(
    `select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
  );
  try {
    return rows.reduce((sum, { pid }) => sum + processorMicros(pid), 0);
  } catch {
    return NaN;
  }
}
