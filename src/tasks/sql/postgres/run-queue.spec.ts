import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DataSource, type QueryRunner } from 'typeorm';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/test-database.js';
import { a2aDataSourceOptions } from './data-source-options.js';
import { PostgresDatabase } from './postgres.database.js';
import { KnownKinds } from './known-kinds.js';
import { runMigrations } from './run-migrations.js';
import { PostgresRunQueue } from './run-queue.js';
import { MAX_KINDS } from '../core/run-queue.js';
import { DUE, DUE_OF_KNOWN } from './run-queue.statements.js';

/** $1: tenant; $2: owners; $3: tasks of each. */
const WAITING = `
insert into a2a_task (task_id, scope, waits, owner_key, context_key, tenant, owner, agent, context_id, state, status_at, last_seq, bytes,
  attempt, created_at, not_before)
select gen_random_uuid(), $1 || lpad(o::text, 6, '0'), $1 || lpad(o::text, 6, '0'), o::text, 'c', $1, 'owner-' || lpad(o::text, 6, '0'),
  'lab', 'c', 'submitted', now(), 1, 1, 0, now(), now() - interval '1 s'
from generate_series(1, $2::int) o, generate_series(1, $3::int)`;

/** The same, each with a different time. */
const WAITING_IN_ORDER = WAITING.replace(`interval '1 s'`, `interval '1 h' + row_number() over () * interval '1 ms'`);

/** Limits on the duration of a transaction. */
const LIMITS = ['idle_in_transaction_session_timeout', 'transaction_timeout'];

interface Plan {
  readonly 'Shared Hit Blocks': number;
  readonly 'Shared Read Blocks': number;
}

describe('the line in Postgres', () => {
  let database: TestDatabase;
  let source: DataSource;
  let line: PostgresRunQueue;
  const agents = new Map([['lab', 1_000]]);

  beforeAll(async () => {
    database = await createTestDatabase();
    source = new DataSource(a2aDataSourceOptions(database.url, { poolSize: 4 }));
    await source.initialize();
    await runMigrations(source);
    line = new PostgresRunQueue(PostgresDatabase.of(source));
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
        ...(await line.claim('r', { limit: 100, agents, maxPerOwner: () => 1, running: runsOf(owners) })).map(
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

  describe('while an old transaction keeps what was claimed in the index', () => {
    let old: QueryRunner;
    beforeEach(async () => {
      await source.query('delete from a2a_task');
      await source.query('vacuum a2a_task');
      old = source.createQueryRunner();
      await old.startTransaction('REPEATABLE READ');
      // Our sessions end after some seconds without a statement.
      await old.query(`select set_config(name, '0', true) from pg_settings where name = any($1)`, [LIMITS]);
      await old.query('select count(*) from a2a_replica');
    });
    afterEach(async () => {
      await old.rollbackTransaction();
      await old.release();
    });
    const wanted = (limit: number) => ({ limit, agents });

    it('is claimed at a cost that does not grow with that, but for a look now and then', async () => {
      const known = new KnownKinds({ manyClaimed: 0, slowMs: 0 });
      const sees = new PostgresRunQueue(PostgresDatabase.of(source), known);
      await source.query(WAITING_IN_ORDER, ['old', 1, 5_000]);
      await source.query('analyze a2a_task');
      await source.query(`
        update a2a_task set run_owner = 'r', not_before = null, waits = null where task_id in (
          select task_id from a2a_task where tenant = 'old' order by not_before limit 4_900)`);
      await sees.claim('r', wanted(10));
      expect(known.usable).toBe(true);
      const whole = await entriesRead(DUE, ['']);
      expect(whole).toBeGreaterThan(4_000);
      expect(await entriesRead(DUE_OF_KNOWN, known.columns())).toBeLessThan(whole / 10);
    });

    it('gives what came to stand before, and new kinds, with the next whole look', async () => {
      const sees = new PostgresRunQueue(PostgresDatabase.of(source), new KnownKinds({ manyClaimed: 0, slowMs: 0 }));
      await source.query(WAITING, ['old', 1, 50]);
      await sees.claim('r', wanted(10));
      await sees.claim('r', wanted(10));
      await source.query(WAITING, ['new', 1, 3]);
      await source.query(`update a2a_task set not_before = not_before - interval '1 h' where tenant = 'old' and task_id in (
        select task_id from a2a_task where tenant = 'old' and not_before is not null order by task_id limit 1)`);
      const claimed = [];
      while (claimed.length < 33) claimed.push(...(await sees.claim('r', wanted(10))));
      expect(new Set(claimed.map(({ run }) => run.taskId)).size).toBe(33);
      expect(await sees.claim('r', wanted(10))).toEqual([]);
    });
  });

  const runsOf = (owners: string[]) => owners.map((owner) => ({ tenant: 'many', owner, runs: 1 }));

  /** Entries of the run queue's index that one read for 10 tasks visits. */
  async function entriesRead(sql: string, kinds: unknown[]): Promise<number> {
    const total = async (): Promise<number> => {
      const [row] = await source.query<[{ n: string }]>(
        `select idx_tup_read as n from pg_stat_user_indexes where indexrelname = 'a2a_task_line'`,
      );
      return Number(row.n);
    };
    const runner = source.createQueryRunner();
    const look = async (): Promise<void> => {
      await runner.startTransaction();
      await runner.query(sql, [['lab'], [40], ...kinds]);
      await runner.rollbackTransaction();
      await runner.query('select pg_stat_force_next_flush()');
    };
    try {
      await look();
      const before = await total();
      await look();
      return (await total()) - before;
    } finally {
      await runner.release();
    }
  }

  /** Pages that one read for 10 tasks visits. */
  async function blocks(): Promise<number> {
    const values = [['lab'], [40], ''];
    const runner = source.createQueryRunner();
    await runner.startTransaction();
    try {
      const rows = (await runner.query(`explain (analyze, buffers, format json) ${DUE}`, values)) as [
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
