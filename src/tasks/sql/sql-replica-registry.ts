import type { ReplicaRegistry } from '../core/task-rows.interface.js';
import type { Replica } from '../run-store.interface.js';
import type { SqlDatabase } from './sql-database.js';
import type { SqlDialect } from './sql-dialect.js';

interface ReplicaRow {
  id: string;
  lease_until: number;
  lease_ms: number | null;
  now_ms: number;
}

/** Updates the row of a replica that is alive. `lease_until` differs with each renewal, and other replicas compare it. */
export const renewReplica = ({ now }: SqlDialect, leaseMs: number): string =>
  `update a2a_replica set lease_until = ${now} + ${Math.round(leaseMs)}, lease_ms = ${Math.round(leaseMs)} where id = ?`;

/** The processes that run tasks. Each is alive as long as it has a row. */
export class SqlReplicaRegistry implements ReplicaRegistry {
  constructor(private readonly db: SqlDatabase) {}

  async register(id: string, leaseMs: number): Promise<void> {
    const { now } = this.db.dialect;
    const lease = `${now} + ${Math.round(leaseMs)}, ${Math.round(leaseMs)}`;
    await this.db.write(async (session) => {
      await session.run(`delete from a2a_replica where id = ?`, [id]);
      await session.run(`insert into a2a_replica (id, lease_until, lease_ms) values (?, ${lease})`, [id]);
    });
  }

  async renew(id: string, leaseMs: number): Promise<boolean> {
    const renew = renewReplica(this.db.dialect, leaseMs);
    return (await this.db.write((session) => session.run(renew, [id]))) > 0;
  }

  async remove(id: string): Promise<void> {
    await this.db.write((session) => session.run(`delete from a2a_replica where id = ?`, [id]));
  }

  async clock(): Promise<number> {
    const [row] = await this.db.query<{ now_ms: number }>(`select ${this.db.dialect.now} as now_ms`);
    return Number(row?.now_ms);
  }

  async all(): Promise<Replica[]> {
    const sql = `select id, lease_until, lease_ms, ${this.db.dialect.now} as now_ms from a2a_replica`;
    const rows = await this.db.query<ReplicaRow>(sql);
    return rows.map(({ id, lease_until, lease_ms, now_ms }) => ({
      id,
      leaseMs: lease_ms === null ? undefined : Number(lease_ms),
      mark: String(lease_until),
      ageMs: Number(now_ms) - Number(lease_until) + Number(lease_ms ?? 0),
    }));
  }

  async expire(id: string, mark: string): Promise<boolean> {
    const expire = `delete from a2a_replica where id = ? and lease_until = ?`;
    return (await this.db.write((session) => session.run(expire, [id, Number(mark)]))) > 0;
  }
}
