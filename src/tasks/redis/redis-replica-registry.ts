import type { ReplicaRegistry } from '../core/task-rows.interface.js';
import type { Replica } from '../run-store.interface.js';
import type { RedisConnection } from './redis-connection.js';
import * as scripts from './scripts/replica.scripts.js';

/** The processes that run tasks. `renewals` is a connection of its own, so that other calls never delay a renewal. */
export class RedisReplicaRegistry implements ReplicaRegistry {
  constructor(
    private readonly connection: RedisConnection,
    private readonly renewals: RedisConnection,
  ) {}

  clock(): Promise<number> {
    return this.connection.run<number>(scripts.CLOCK);
  }

  async register(id: string, leaseMs: number): Promise<void> {
    await this.renewals.run(scripts.REGISTER, id, leaseMs);
  }

  async renew(id: string, leaseMs: number): Promise<boolean> {
    return (await this.renewals.run<number>(scripts.RENEW, id, leaseMs)) === 1;
  }

  async remove(id: string): Promise<void> {
    await this.renewals.run(scripts.REMOVE_REPLICA, id);
  }

  async all(): Promise<Replica[]> {
    const rows = await this.connection.run<[string, string, string, string][]>(scripts.REPLICAS);
    return rows.map(([id, mark, leaseMs, ageMs]) => ({
      ...{ id, mark },
      leaseMs: leaseMs === '' ? undefined : Number(leaseMs),
      ageMs: Number(ageMs),
    }));
  }

  async expire(id: string, mark: string): Promise<boolean> {
    return (await this.connection.run<number>(scripts.EXPIRE_REPLICA, id, mark)) === 1;
  }
}
