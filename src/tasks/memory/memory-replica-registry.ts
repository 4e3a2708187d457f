import type { ReplicaRegistry } from '../core/task-rows.interface.js';
import type { Replica } from '../run-store.interface.js';
import type { MemoryTables } from './memory-tables.js';

/** The replicas of this process. There is more than one only in tests. */
export class MemoryReplicaRegistry implements ReplicaRegistry {
  constructor(private readonly tables: MemoryTables) {}

  async register(id: string, leaseMs: number): Promise<void> {
    // Monotonic: the system time can be set.
    this.tables.replicas.set(id, { leaseMs, mark: this.tables.nextId(), renewedAt: performance.now() });
  }

  async renew(id: string, leaseMs: number): Promise<boolean> {
    const alive = this.tables.replicas.has(id);
    if (alive) await this.register(id, leaseMs);
    return alive;
  }

  async remove(id: string): Promise<void> {
    this.tables.replicas.delete(id);
  }

  async all(): Promise<Replica[]> {
    const now = performance.now();
    return [...this.tables.replicas].map(([id, { leaseMs, mark, renewedAt }]) => ({
      ...{ id, leaseMs, mark },
      ageMs: now - renewedAt,
    }));
  }

  async expire(id: string, mark: string): Promise<boolean> {
    return this.tables.replicas.get(id)?.mark === mark && this.tables.replicas.delete(id);
  }
}
