import type { LegalHold, LegalHoldStore } from '../../retention/legal-hold-store.interface.js';
import { ownerKey } from './keys.js';
import { NOW, type Sql, raw, sql } from './sql.js';
import type { SqlDatabase } from './sql-database.interface.js';
import { type SqlTime, timeOf } from './task-row.js';

interface HoldRow {
  owner: string;
  reason: string;
  since: SqlTime;
}

/**
 * The owner of a task, a2a_task aliased `t`, is under no legal hold. Not as `not exists`: Postgres would join the tables first, and not
 * read the tasks in the order of their index.
 */
export const NOT_HELD = raw('coalesce((select false from a2a_legal_hold h where h.owner_key = t.owner_key), true)');

const HOLDS = raw('select owner, reason, since from a2a_legal_hold');

export class SqlLegalHoldStore implements LegalHoldStore {
  constructor(private readonly db: SqlDatabase) {}

  async place(owner: string, reason: string): Promise<void> {
    const conflict = raw(this.db.dialect.onConflict(['owner_key'], ['reason']));
    await this.db.run(sql`
      insert into a2a_legal_hold (owner_key, owner, reason, since) values (${ownerKey({ owner })}, ${owner}, ${reason}, ${NOW})
      ${conflict}`);
  }

  async lift(owner: string): Promise<boolean> {
    return (await this.db.run(sql`delete from a2a_legal_hold where owner_key = ${ownerKey({ owner })}`)) > 0;
  }

  async find(owner: string): Promise<LegalHold | undefined> {
    const [hold] = await this.#holds(sql`${HOLDS} where owner_key = ${ownerKey({ owner })}`);
    return hold;
  }

  list(after?: string, limit = 1_000): Promise<readonly LegalHold[]> {
    const following = after === undefined ? raw('') : sql`where owner > ${after}`;
    return this.#holds(sql`${HOLDS} ${following} order by owner limit ${limit}`);
  }

  async #holds(query: Sql): Promise<LegalHold[]> {
    const rows = await this.db.query<HoldRow>(query);
    return rows.map(({ since, ...hold }) => ({ ...hold, since: timeOf(since) }));
  }
}
