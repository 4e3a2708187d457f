import type { SqlDatabase } from './sql-database.js';

const DAY_MS = 24 * 60 * 60_000;

/** The processes that run tasks, each alive until its lease is over. */
export class SqlReplicaRegistry {
  constructor(private readonly db: SqlDatabase) {}

  async register(id: string, leaseMs: number): Promise<void> {
    const { now } = this.db.dialect;
    await this.db.write(async (session) => {
      // Rows of replicas that died long ago go with the next one that comes; an absent replica counts as dead anyway.
      await session.run(`delete from a2a_replica where lease_until < ${now} - ${DAY_MS} or id = ?`, [id]);
      const lease = `${now} + ${Math.round(leaseMs)}`;
      await session.run(`insert into a2a_replica (id, lease_until) values (?, ${lease})`, [id]);
    });
  }

  async renew(id: string, leaseMs: number): Promise<boolean> {
    const { now } = this.db.dialect;
    const renew = `update a2a_replica set lease_until = ${now} + ${Math.round(leaseMs)} where id = ? and lease_until > ${now}`;
    return (await this.db.write((session) => session.run(renew, [id]))) > 0;
  }

  async remove(id: string): Promise<void> {
    await this.db.write((session) => session.run(`delete from a2a_replica where id = ?`, [id]));
  }

  async clock(): Promise<number> {
    const [row] = await this.db.query<{ now_ms: number }>(`select ${this.db.dialect.now} as now_ms`);
    return Number(row?.now_ms);
  }

  async lapsed(): Promise<string[]> {
    const sql = `select id from a2a_replica where lease_until <= ${this.db.dialect.now}`;
    return (await this.db.query<{ id: string }>(sql)).map(({ id }) => id);
  }
}
