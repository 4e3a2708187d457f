import type { RunStore } from '../../tasks/run-store.interface.js';

/** Notices that leases of processes have ended: one small query, so it can be asked often. */
export class LapseWatch {
  /** Those that were over at the last look. */
  #known: ReadonlySet<string> = new Set();

  constructor(private readonly runs: Pick<RunStore, 'lapsedReplicas'>) {}

  /** Whether a lease has ended since it was last asked. Throws what the storage throws. */
  async anyNew(): Promise<boolean> {
    const lapsed = await this.runs.lapsedReplicas();
    const known = this.#known;
    this.#known = new Set(lapsed);
    return lapsed.some((id) => !known.has(id));
  }
}
