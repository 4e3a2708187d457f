import type { TaskNews, TaskWake } from '../event-bus.interface.js';

/** Maximum tasks in one wake; beyond it, all processes are told to check everything. */
export const MAX_PENDING = 10_000;

/** Wakes that wait to be sent: the newest of each task, bounded. */
export class PendingWakes {
  #heads = new Map<string, TaskWake>();
  #overflowed = false;

  constructor(private readonly max = MAX_PENDING) {}

  get empty(): boolean {
    return this.#heads.size === 0 && !this.#overflowed;
  }

  add(heads: readonly TaskWake[]): void {
    if (this.#overflowed) return;
    for (const head of heads) {
      const known = this.#heads.get(head.taskId);
      this.#heads.set(head.taskId, known ? merged(known, head) : head);
    }
    if (this.#heads.size > this.max) this.overflow();
  }

  /** There are too many to report one by one, or some were lost. */
  overflow(): void {
    this.#overflowed = true;
    this.#heads = new Map();
  }

  /** Removes and returns what waits; 'all': there was too much. */
  take(): readonly TaskWake[] | 'all' {
    const heads = [...this.#heads.values()];
    const overflowed = this.#overflowed;
    this.clear();
    return overflowed ? 'all' : heads;
  }

  clear(): void {
    this.#overflowed = false;
    this.#heads = new Map();
  }
}

/** Two wakes of one task as one. */
export function merged(known: TaskWake, head: TaskWake): TaskWake {
  const forOwner = known.forOwner || head.forOwner;
  const news = mergedNews(known.news, head.news);
  const seq = Math.max(known.seq, head.seq);
  return { taskId: head.taskId, seq, ...(forOwner && { forOwner }), ...(news && { news }) };
}

function mergedNews(known: TaskNews | undefined, head: TaskNews | undefined): TaskNews | undefined {
  return known && head ? { ...known, after: Math.min(known.after, head.after) } : (known ?? head);
}
