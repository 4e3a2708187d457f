import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { a2aDataSourceOptions } from './data-source-options.js';
import { Database } from './database.js';
import { runMigrations } from './run-migrations.js';
import { WaitingLine } from './waiting-line.js';
import { CLAIM_WAITING, MAX_KINDS } from './waiting-line.statements.js';

/** $1: tenant; $2: owners; $3: tasks of each. */
const WAITING = `
insert into a2a_task (task_id, tenant, owner, agent, context_id, state, status_at, last_seq, bytes, attempt, not_before)
select gen_random_uuid(), $1, 'owner-' || lpad(o::text, 6, '0'), 'lab', 'c', 'submitted', now(), 1, 1, 0, now() - interval '1 s'
from generate_series(1, $2::int) o, generate_series(1, $3::int)`;

interface Plan {
  readonly 'Shared Hit Blocks': number;
  readonly 'Shared Read Blocks': number;
}

describe('the line in Postgres', () => {
  let database: TestDatabase;
  let source: DataSource;
  let line: WaitingLine;
  const agents = new Map([['lab', 1_000]]);

  beforeAll(async () => {
    database = await createTestDatabase();
    source = new DataSource(a2aDataSourceOptions(database.url, { poolSize: 2 }));
    await source.initialize();
    await runMigrations(source);
    line = new WaitingLine(Database.of(source));
  });
  afterAll(async () => {
    await source.destroy();
    await database.drop();
  });

  it('comes to every owner, also when one look does not see all of them', async () => {
    await source.query(WAITING, ['many', MAX_KINDS + 20, 3]);
    const owners: string[] = [];
    for (let n = 0; n < 20; n++)
      owners.push(
        ...(await line.claim('r', { limit: 100, agents, maxPerOwner: 1, running: runsOf(owners) })).map(
          ({ run }) => run.owner,
        ),
      );
    expect(new Set(owners).size).toBe(MAX_KINDS + 20);
    expect(owners).toHaveLength(MAX_KINDS + 20);
    await source.query(`delete from a2a_task`);
  });

  it('is claimed at a cost that does not grow with its length', async () => {
    await source.query(WAITING, ['short', 5, 10]);
    const short = await blocks();
    await source.query(WAITING, ['short', 5, 10_000]);
    await source.query('vacuum analyze a2a_task');
    expect(await blocks()).toBeLessThan(3 * short);
  }, 120_000);

  const runsOf = (owners: string[]) => owners.map((owner) => ({ tenant: 'many', owner, runs: 1 }));

  /** Pages that one claim of 10 touches, which is undone. */
  async function blocks(): Promise<number> {
    const values = ['r', 10, ['lab'], [1_000], [], [], [], 1_000, 1_000, '', '', ''];
    const runner = source.createQueryRunner();
    await runner.startTransaction();
    try {
      const rows = (await runner.query(`explain (analyze, buffers, format json) ${CLAIM_WAITING}`, values)) as [
        { 'QUERY PLAN': [{ Plan: Plan }] },
      ];
      const plan = rows[0]['QUERY PLAN'][0].Plan;
      return plan['Shared Hit Blocks'] + plan['Shared Read Blocks'];
    } finally {
      await runner.rollbackTransaction();
      await runner.release();
    }
  }
});
