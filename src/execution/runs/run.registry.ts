import { Injectable } from '@nestjs/common';
import { KeyedMutex } from '../../common/keyed-mutex.js';
import { TransientMap } from '../../common/transient-map.js';
import { RunAborted } from '../../agents/agent-executor.interface.js';
import type { ActiveRun } from './active-run.js';

/** Remembered runs that ended without an end of their task. The oldest are forgotten first. */
const MAX_LOST = 10_000;

/** The runs of this process, by task id, and the direct replies that have no task yet. */
@Injectable()
export class RunRegistry {
  readonly #runs = new TransientMap<string, ActiveRun>();
  readonly #ends = new Set<Promise<unknown>>();
  readonly #held = new Set<AbortController>();
  /** By task id, with the fence of the run: this process may still own their tasks. */
  readonly #lost = new Map<string, number>();
  /** Serialises the steps that start runs in this process, per task. */
  readonly byTask = new KeyedMutex();

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
    const forget = (): void => {
      if (this.#runs.get(run.taskId) === run) this.#runs.delete(run.taskId);
      this.#lost.delete(run.taskId);
      if (run.lost) this.#remember(run);
      ended();
      this.#ends.delete(end);
    };
    const end = run.run().then(forget, forget);
    this.#ends.add(end);
  }

  /**
   * Whether a run with this fence was started here. False while the storage names this process as the owner: the answer to a claim was
   * lost, or a start failed.
   */
  wasStarted(taskId: string, fence: number): boolean {
    return this.#runs.get(taskId)?.ref.fence === fence || this.#lost.get(taskId) === fence;
  }

  /** The storage may not know that the run is over. */
  #remember({ taskId, ref }: ActiveRun): void {
    this.#lost.set(taskId, ref.fence);
    const [oldest] = this.#lost.keys();
    if (this.#lost.size > MAX_LOST && oldest !== undefined) this.#lost.delete(oldest);
  }

  /** Tracks work of an agent that has no task yet: a shutdown waits for it as for a run, then aborts it. */
  hold(work: Promise<unknown>, abort: AbortController): void {
    this.#held.add(abort);
    const forget = (): void => {
      this.#held.delete(abort);
      this.#ends.delete(end);
    };
    const end = work.then(forget, forget);
    this.#ends.add(end);
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
}
