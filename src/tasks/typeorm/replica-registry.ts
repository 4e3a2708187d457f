import type { Database } from './database.js';

/** Rows of replicas that died long ago go with the next one that comes; an absent replica counts as dead anyway. */
const REGISTER = `
with swept as (delete from a2a_replica where lease_until < now() - interval '1 day' and id <> $1)
insert into a2a_replica (id, lease_until) values ($1, now() + $2::float8 * interval '1 ms')
on conflict (id) do update set lease_until = excluded.lease_until`;

const RENEW = `
update a2a_replica set lease_until = now() + $2::float8 * interval '1 ms'
where id = $1 and lease_until > now()
returning id`;

const REMOVE = `delete from a2a_replica where id = $1`;

/** The processes that run tasks, each alive until its lease is over. */
export class ReplicaRegistry {
  constructor(private readonly db: Database) {}

  async register(id: string, leaseMs: number): Promise<void> {
    await this.db.query(REGISTER, [id, leaseMs]);
  }

  async renew(id: string, leaseMs: number): Promise<boolean> {
    return (await this.db.query(RENEW, [id, leaseMs])).length > 0;
  }

  async remove(id: string): Promise<void> {
    await this.db.query(REMOVE, [id]);
  }
}
