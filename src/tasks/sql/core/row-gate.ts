import { TaskLockedError } from '../../task-locked.error.js';

/** How long a call waits for its turn, in ms; the same as for a connection of the pool. */
const WAIT_MS = 5_000;

interface Waiting {
  readonly taskId: string;
  start(): void;
}

/**
 * Limits calls that may wait for the lock of a task's row to a part of the connections, and to one per task. So a locked task
 * blocks neither the other connections nor other tasks. First come, first served.
 */
export class RowGate {
  readonly #waiting = new Set<Waiting>();
  readonly #running = new Set<string>();

  /** `slots`: how many connections these calls may use. */
  constructor(
    private readonly slots: number,
    private readonly waitMs = WAIT_MS,
  ) {}

  /** A gate for half of the connections of a pool. */
  static ofPool(size: number): RowGate {
    return new RowGate(Math.max(1, Math.floor(size / 2)));
  }

  /** Throws TaskLockedError when the call does not get its turn in time. */
  async runExclusive<T>(taskId: string, work: () => Promise<T>): Promise<T> {
    if (!this.#canRun(taskId)) await this.#waitForSlot(taskId);
    this.#running.add(taskId);
    try {
      return await work();
    } finally {
      this.#running.delete(taskId);
      this.#admitWaiting();
    }
  }

  #canRun(taskId: string): boolean {
    return this.#running.size < this.slots && !this.#running.has(taskId);
  }

  #waitForSlot(taskId: string): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => {
        this.#waiting.delete(waiting);
        reject(new TaskLockedError());
      }, this.waitMs);
      const start = (): void => {
        clearTimeout(late);
        resolve();
      };
      const waiting: Waiting = { taskId, start };
      this.#waiting.add(waiting);
    });
  }

  #admitWaiting(): void {
    for (const waiting of this.#waiting) {
      if (this.#running.size >= this.slots) return;
      if (!this.#canRun(waiting.taskId)) continue;
      this.#waiting.delete(waiting);
      this.#running.add(waiting.taskId);
      waiting.start();
    }
  }
}
