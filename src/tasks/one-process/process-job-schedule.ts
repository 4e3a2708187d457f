import type { JobSchedule } from '../job-schedule.interface.js';

/** The schedule of a single process, for storages that no other process uses. */
export class ProcessJobSchedule implements JobSchedule {
  readonly #dueAt = new Map<string, number>();

  async claim(name: string, everyMs: number): Promise<boolean> {
    const now = performance.now();
    if (now < (this.#dueAt.get(name) ?? 0)) return false;
    this.#dueAt.set(name, now + everyMs);
    return true;
  }
}
