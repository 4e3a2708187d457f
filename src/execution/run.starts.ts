import { Injectable } from '@nestjs/common';
import { KeyedMutex } from '../common/keyed-mutex.js';

/** Remembered runs that ended without an end of their task. The oldest are forgotten first. */
const MAX_LOST = 10_000;

/** Serialises the steps that start runs in this process, per task, and records which tasks it has run. */
@Injectable()
export class RunStarts {
  readonly byTask = new KeyedMutex();
  /** By task id, with the fence of the run. */
  readonly #running = new Map<string, number>();
  /** This process may still own their tasks. */
  readonly #lost = new Map<string, number>();

  /** The run has started. */
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
   * Whether a run with this fence was started here. False while the storage names this process as the owner: the answer to a claim was
   * lost, or a start failed.
   */
  wasStarted(taskId: string, fence: number): boolean {
    return this.#running.get(taskId) === fence || this.#lost.get(taskId) === fence;
  }
}
