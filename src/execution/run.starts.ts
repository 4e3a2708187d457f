import { Injectable } from '@nestjs/common';
import { KeyedMutex } from '../common/keyed-mutex.js';

/** Runs that ended without an end of their task and are kept in mind; the oldest are forgotten first. */
const MAX_LOST = 10_000;

/** The steps by which this process comes to run tasks: one at a time for each task. And which tasks it has run. */
@Injectable()
export class RunStarts {
  readonly byTask = new KeyedMutex();
  /** By task id, with the fence of the run. */
  readonly #running = new Map<string, number>();
  /** Their tasks may still be this process's. */
  readonly #lost = new Map<string, number>();

  /** The run is under way. */
  started(taskId: string, fence: number): void {
    this.#running.set(taskId, fence);
  }

  /** `lost`: the storage may not know that the run is over. */
  ended(taskId: string, fence: number, lost: boolean): void {
    if (this.#running.get(taskId) === fence) this.#running.delete(taskId);
    this.#lost.delete(taskId);
    if (!lost) return;
    this.#lost.set(taskId, fence);
    const [oldest] = this.#lost.keys();
    if (this.#lost.size > MAX_LOST && oldest !== undefined) this.#lost.delete(oldest);
  }

  /**
   * Whether a run with this fence was started here. False: if the storage says that this process runs the task, it is of a claim
   * whose answer did not come, or of a start that failed.
   */
  wasStarted(taskId: string, fence: number): boolean {
    return this.#running.get(taskId) === fence || this.#lost.get(taskId) === fence;
  }
}
