import type { TaskWake } from '../event-bus.interface.js';

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
    for (const head of heads) this.#heads.set(head.taskId, merged(this.#heads.get(head.taskId), head));
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

function merged(known: TaskWake | undefined, head: TaskWake): TaskWake {
  if (!known) return head;
  const forOwner = known.forOwner || head.forOwner;
  return { taskId: head.taskId, seq: Math.max(known.seq, head.seq), ...(forOwner && { forOwner }) };
}
