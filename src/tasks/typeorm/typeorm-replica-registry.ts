import type { ReplicaRegistry } from '../core/task-rows.interface.js';
import type { Replica } from '../run-store.interface.js';
import type { Database } from './database.js';
import type { LeaseWriter } from './lease-writer.js';

interface ReplicaRow {
  id: string;
  mark: string;
  lease_ms: number | null;
  age_ms: number;
}

const CLOCK = `select extract(epoch from clock_timestamp())::float8 * 1000 as ms`;

/** As text and not as a timestamp, whose text form depends on the time zone of the session. */
const MARK = `extract(epoch from lease_until)::text`;

const REPLICAS = `
select id, ${MARK} as mark, lease_ms,
  extract(epoch from now() - lease_until)::float8 * 1000 + coalesce(lease_ms, 0) as age_ms
from a2a_replica`;

const EXPIRE = `delete from a2a_replica where id = $1 and ${MARK} = $2 returning id`;

/** The processes that run tasks. Each is alive as long as it has a row. */
export class TypeOrmReplicaRegistry implements ReplicaRegistry {
  constructor(
    private readonly db: Database,
    private readonly leases: LeaseWriter,
  ) {}

  async clock(): Promise<number> {
    const [row] = await this.db.query<{ ms: number }>(CLOCK);
    return row?.ms ?? Date.now();
  }

  register(id: string, leaseMs: number): Promise<void> {
    return this.leases.register(id, leaseMs);
  }

  renew(id: string, leaseMs: number): Promise<boolean> {
    return this.leases.renew(id, leaseMs);
  }

  remove(id: string): Promise<void> {
    return this.leases.remove(id);
  }

  async all(): Promise<Replica[]> {
    const rows = await this.db.query<ReplicaRow>(REPLICAS);
    return rows.map(({ id, mark, lease_ms, age_ms }) => ({ id, mark, leaseMs: lease_ms ?? undefined, ageMs: age_ms }));
  }

  async expire(id: string, mark: string): Promise<boolean> {
    return (await this.db.query(EXPIRE, [id, mark])).length > 0;
  }
}
