import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceProcess } from '../service.process.js';

/** For the environment of a service whose memory is to be measured. */
export const MEMORY_REPORT = {
  NODE_OPTIONS: `--import=${pathToFileURL(path.join(import.meta.dirname, 'memory-report.preload.mjs')).href}`,
};

const reportsOf = ({ log }: ServiceProcess): string[] => log.match(/^memory-report \d+$/gm) ?? [];

/** Bytes that the service holds: its heap and its buffers, without garbage. Nobody else may ask at the same time. */
export async function bytesHeld(service: ServiceProcess): Promise<number> {
  const before = reportsOf(service).length;
  process.kill(service.pid, 'SIGUSR2');
  for (;;) {
    const reports = reportsOf(service);
    if (reports.length > before) return Number(reports.at(-1)?.split(' ')[1]);
    await sleep(20);
  }
}
