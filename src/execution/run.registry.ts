import { Injectable } from '@nestjs/common';
import type { ActiveRun } from './active-run.js';

/** The runs of this process, by task id. */
@Injectable()
export class RunRegistry {
  readonly #runs = new Map<string, ActiveRun>();
  readonly #ends = new Set<Promise<void>>();

  get size(): number {
    return this.#runs.size;
  }

  get(taskId: string): ActiveRun | undefined {
    return this.#runs.get(taskId);
  }

  all(): ActiveRun[] {
    return [...this.#runs.values()];
  }

  /** Runs it, and forgets it when its ownership ends. */
  start(run: ActiveRun): void {
    this.#runs.set(run.taskId, run);
    const end: Promise<void> = run.run().finally(() => {
      if (this.#runs.get(run.taskId) === run) this.#runs.delete(run.taskId);
      this.#ends.delete(end);
    });
    this.#ends.add(end);
  }

  /** Resolves when the runs of this moment have ended, at the latest after `ms`; true if they have. */
  async idle(ms: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => (timer = setTimeout(resolve, ms, false)));
    const done = Promise.all(this.#ends).then(() => true);
    return Promise.race([done, late]).finally(() => clearTimeout(timer));
  }
}
