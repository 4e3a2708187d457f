import type { ReplicaRegistry } from '../../core/task-rows.interface.js';
import type { Replica } from '../../run-store.interface.js';
import { NOW, type Sql, later, raw, sql, timeValue } from './sql.js';
import type { SqlDatabase } from './sql-database.interface.js';
import type { SqlTime } from './task-row.js';

interface ReplicaRow {
  id: string;
  lease_until: SqlTime;
  lease_ms: number;
  now_at: SqlTime;
}

const KEPT = ['lease_until', 'lease_ms'];

const registerReplica = (id: string, leaseMs: number): Sql => sql`
insert into a2a_replica (id, lease_until, lease_ms) values (${id}, ${later(leaseMs)}, ${Math.round(leaseMs)})
${({ onConflict }) => raw(onConflict(['id'], KEPT))}`;

/** Updates the row of a replica that is alive. `lease_until` differs with each renewal, and other replicas compare it. */
export const renewReplica = (id: string, leaseMs: number): Sql => sql`
update a2a_replica set lease_until = ${later(leaseMs)}, lease_ms = ${Math.round(leaseMs)} where id = ${id}`;

/** The processes that run tasks. Each is alive as long as it has a row. */
export class SqlReplicaRegistry implements ReplicaRegistry {
  /** `leases` writes leases. */
  constructor(
    private readonly db: SqlDatabase,
    private readonly leases: Pick<SqlDatabase, 'run'> = db,
  ) {}

  async clock(): Promise<number> {
    const [row] = await this.db.query<{ now_at: SqlTime }>(sql`select ${NOW} as now_at`);
    return Number(row?.now_at);
  }

  async register(id: string, leaseMs: number): Promise<void> {
    await this.leases.run(registerReplica(id, leaseMs));
  }

  async renew(id: string, leaseMs: number): Promise<boolean> {
    return (await this.leases.run(renewReplica(id, leaseMs))) > 0;
  }

  async remove(id: string): Promise<void> {
    await this.leases.run(sql`delete from a2a_replica where id = ${id}`);
  }

  async all(): Promise<Replica[]> {
    const rows = await this.db.query<ReplicaRow>(
      sql`select id, lease_until, lease_ms, ${NOW} as now_at from a2a_replica`,
    );
    return rows.map(({ id, lease_until, lease_ms, now_at }) => ({
      id,
      leaseMs: Number(lease_ms),
      mark: String(Number(lease_until)),
      ageMs: Number(now_at) - Number(lease_until) + Number(lease_ms),
    }));
  }

  async expire(id: string, mark: string): Promise<boolean> {
    const expire = sql`delete from a2a_replica where id = ${id} and lease_until = ${timeValue(Number(mark))}`;
    return (await this.db.run(expire)) > 0;
  }
}
