import { Injectable } from '@nestjs/common';

/** Failed starts that are kept in mind; the oldest are forgotten first. */
const MAX_FAILED = 10_000;

/** The steps by which this process comes to run tasks: one at a time for each task. */
@Injectable()
export class RunStarts {
  readonly #underWay = new Map<string, Promise<unknown>>();
  /** Starts that failed, so that the storage may count a run that there never was. */
  readonly #failed = new Set<string>();

  /** Does `work` when what was asked for this task before is done. */
  async inTurn<T>(taskId: string, work: () => Promise<T>): Promise<T> {
    const before = this.#underWay.get(taskId);
    const mine = before ? before.then(work, work) : work();
    this.#underWay.set(taskId, mine);
    try {
      return await mine;
    } catch (error) {
      this.#fail(taskId);
      throw error;
    } finally {
      if (this.#underWay.get(taskId) === mine) this.#underWay.delete(taskId);
    }
  }

  busy(taskId: string): boolean {
    return this.#underWay.has(taskId);
  }

  /** The run is under way. */
  started(taskId: string): void {
    this.#failed.delete(taskId);
  }

  /** False: what this process did last to run it failed before the run began. */
  wasStarted(taskId: string): boolean {
    return !this.#failed.has(taskId);
  }

  #fail(taskId: string): void {
    this.#failed.delete(taskId);
    this.#failed.add(taskId);
    const [oldest] = this.#failed;
    if (this.#failed.size > MAX_FAILED && oldest !== undefined) this.#failed.delete(oldest);
  }
}
