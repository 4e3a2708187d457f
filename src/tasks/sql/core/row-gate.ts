import { TaskLockedError } from '../../task-locked.error.js';

/** How long a call waits for its turn, in ms; the same as for a connection of the pool. */
const WAIT_MS = 5_000;

interface Waiting {
  readonly taskId: string;
  enter(): void;
}

/**
 * Limits calls that may wait for the lock of a task's row to a part of the connections, and to one per task. So a locked task
 * blocks neither the other connections nor other tasks. First come, first served.
 */
export class RowGate {
  readonly #waiting = new Set<Waiting>();
  readonly #inside = new Set<string>();

  /** `places`: how many connections these calls may use. */
  constructor(
    private readonly places: number,
    private readonly waitMs = WAIT_MS,
  ) {}

  /** A gate for half of the connections of a pool. */
  static ofPool(size: number): RowGate {
    return new RowGate(Math.max(1, Math.floor(size / 2)));
  }

  /** Throws TaskLockedError when the call does not get its turn in time. */
  async pass<T>(taskId: string, work: () => Promise<T>): Promise<T> {
    if (!this.#mayEnter(taskId)) await this.#turn(taskId);
    this.#inside.add(taskId);
    try {
      return await work();
    } finally {
      this.#inside.delete(taskId);
      this.#letIn();
    }
  }

  #mayEnter(taskId: string): boolean {
    return this.#inside.size < this.places && !this.#inside.has(taskId);
  }

  #turn(taskId: string): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => {
        this.#waiting.delete(waiting);
        reject(new TaskLockedError());
      }, this.waitMs);
      const enter = (): void => {
        clearTimeout(late);
        resolve();
      };
      const waiting: Waiting = { taskId, enter };
      this.#waiting.add(waiting);
    });
  }

  #letIn(): void {
    for (const waiting of this.#waiting) {
      if (this.#inside.size >= this.places) return;
      if (!this.#mayEnter(waiting.taskId)) continue;
      this.#waiting.delete(waiting);
      this.#inside.add(waiting.taskId);
      waiting.enter();
    }
  }
}
