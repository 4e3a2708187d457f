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
