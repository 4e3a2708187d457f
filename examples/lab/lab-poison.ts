import { setTimeout as sleep } from 'node:timers/promises';
import type { TaskUpdater } from '../../src/agents/task-updater.js';
import { labChunk } from './lab-chunk.js';

/** Its client hears of the task first, and `working` is stored. */
const PAUSE_MS = 100;
const HOARDED_ITEMS = 100_000;

/** Agents that do harm: to their process, or to what they were told to keep to. */
export type LabPoison =
  | { name: 'loop' | 'oom' | 'late' | 'stray' | 'timer' }
  | { name: 'block'; ms: number }
  | { name: 'big'; bytes: number };

export async function poison(command: LabPoison, updater: TaskUpdater): Promise<void> {
  switch (command.name) {
    case 'loop':
      await updater.startWork();
      await sleep(PAUSE_MS);
      return loop();
    case 'block':
      await updater.startWork();
      await sleep(PAUSE_MS);
      block(command.ms);
      return updater.complete();
    case 'oom':
      await updater.startWork();
      await sleep(PAUSE_MS);
      return hoard();
    case 'big':
      await updater.addArtifact(labChunk(0, command.bytes), { artifactId: 'big', lastChunk: true });
      return updater.complete();
    case 'late':
      await updater.complete();
      // Once more when the run is over.
      setTimeout(() => void updater.addArtifact('later'), PAUSE_MS);
      await updater.addArtifact('late');
      return;
    case 'stray':
      await updater.startWork();
      // Nobody awaits it.
      void Promise.reject(new Error('A stray rejection of the lab agent, as asked.'));
      return new Promise(() => undefined);
    case 'timer':
      await updater.startWork();
      setTimeout(() => {
        throw new Error('Thrown in a timer of the lab agent, as asked.');
      }, PAUSE_MS);
      return new Promise(() => undefined);
  }
}

/** Never gives the event loop back. */
function loop(): never {
  for (;;);
}

/** Gives the event loop back after this time only. */
function block(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

/** Takes memory until the process has none. */
function hoard(): never {
  const kept: number[][] = [];
  for (;;) kept.push(new Array<number>(HOARDED_ITEMS).fill(kept.length));
}
