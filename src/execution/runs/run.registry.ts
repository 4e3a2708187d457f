import { Injectable } from '@nestjs/common';
import { RunAborted } from '../../agents/agent-executor.interface.js';
import type { ActiveRun } from './active-run.js';

/** The runs of this process, by task id, and the direct replies that have no task yet. */
@Injectable()
export class RunRegistry {
  readonly #runs = new Map<string, ActiveRun>();
  readonly #ends = new Set<Promise<unknown>>();
  readonly #held = new Set<AbortController>();

  /** Number of runs. */
  get size(): number {
    return this.#ends.size;
  }

  get(taskId: string): ActiveRun | undefined {
    return this.#runs.get(taskId);
  }

  all(): ActiveRun[] {
    return [...this.#runs.values()];
  }

  /** Starts the run and removes it when its ownership ends, then calls `ended`. */
  start(run: ActiveRun, ended: () => void = () => undefined): void {
    this.#runs.set(run.taskId, run);
    this.#follow(run.run(), () => {
      if (this.#runs.get(run.taskId) === run) this.#runs.delete(run.taskId);
      ended();
    });
  }

  /** Tracks work of an agent that has no task yet: a shutdown waits for it as for a run, then aborts it. */
  hold(work: Promise<unknown>, abort: AbortController): void {
    this.#held.add(abort);
    this.#follow(work, () => this.#held.delete(abort));
  }

  /** Tells all runs to end. */
  stop(why: 'drain' | 'lost-ownership'): void {
    for (const run of this.all()) run.stop(why);
    if (why === 'drain') for (const abort of this.#held) abort.abort(new RunAborted(why));
  }

  /** Resolves when nothing runs, at the latest after `ms`; true if nothing does. */
  async idle(ms: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => (timer = setTimeout(resolve, ms, 'late')));
    try {
      while (this.#ends.size > 0) if ((await Promise.race([Promise.all(this.#ends), late])) === 'late') return false;
      return true;
    } finally {
      clearTimeout(timer);
    }
  }

  #follow(work: Promise<unknown>, ended: () => void): void {
    const forget = (): void => {
      ended();
      this.#ends.delete(end);
    };
    const end: Promise<void> = work.then(forget, forget);
    this.#ends.add(end);
  }
}
