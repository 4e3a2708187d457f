import type { ReplicaRegistry } from '../core/task-rows.interface.js';
import type { Replica } from '../run-store.interface.js';

interface HeldLease {
  readonly leaseMs: number;
  readonly mark: string;
  /** On the clock of `performance.now()`. */
  readonly renewedAt: number;
}

/** The replicas of this process, for storages that no other process uses. There is more than one only in tests. */
export class ProcessReplicas implements ReplicaRegistry {
  readonly #leases = new Map<string, HeldLease>();
  #renewals = 0;

  readonly isAlive = (id: string): boolean => this.#leases.has(id);

  async register(id: string, leaseMs: number): Promise<void> {
    // Monotonic: the system time can be set.
    this.#leases.set(id, { leaseMs, mark: String(++this.#renewals), renewedAt: performance.now() });
  }

  async renew(id: string, leaseMs: number): Promise<boolean> {
    const alive = this.#leases.has(id);
    if (alive) await this.register(id, leaseMs);
    return alive;
  }

  async remove(id: string): Promise<void> {
    this.#leases.delete(id);
  }

  async all(): Promise<Replica[]> {
    const now = performance.now();
    return [...this.#leases].map(([id, { leaseMs, mark, renewedAt }]) => ({
      ...{ id, leaseMs, mark },
      ageMs: now - renewedAt,
    }));
  }

  async expire(id: string, mark: string): Promise<boolean> {
    return this.#leases.get(id)?.mark === mark && this.#leases.delete(id);
  }
}
