import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/test-database.js';
import { begin, caller, chunk, pause, status } from '../../../testing/contracts/fixtures.js';
import { type OpenPostgresStores, openPostgresStores } from './open-stores.js';
import type { TaskState } from '../../../protocol/model/index.js';
import { type Sql, sql } from '../core/sql.js';
import { endedTasks, untrimmedTasks } from '../core/task-remover.js';
import { expiredTasks } from '../core/task.store.js';
import type { SettledTasks } from '../../task-store.interface.js';
import { PostgresDatabase } from './postgres.database.js';

/** Most of them have ended; some were trimmed. */
const OLD_ROWS = `
insert into a2a_task (task_id, scope, owner_key, context_key, tenant, owner, agent, context_id, state, status_at, rested_at, last_seq,
  bytes, trimmed_seq, created_at)
select gen_random_uuid(), 's', 'o', 'c', '', 'o', 'old-' || n % 3, 'c',
  case n % 10 when 0 then 'input-required' when 1 then 'working' else 'completed' end,
  now(), now() - n * interval '1 minute', 2, 100, case n % 4 when 2 then 0 else 2 end, now()
from generate_series(1, 20000) n`;

const HOUR = 3_600_000;

describe('the retention of tasks in Postgres', () => {
  let database: TestDatabase;
  let stores: OpenPostgresStores;

  beforeAll(async () => {
    database = await createTestDatabase();
    stores = await openPostgresStores(database.url);
  });
  afterAll(async () => {
    await stores.close();
    await database.drop();
  });

  it('lets a task that is too large for a snapshot keep its log, and does not look at it again', async () => {
    const context = caller({ agent: 'large' });
    const writer = await begin(stores, context);
    for (let n = 0; n < 9; n++) await writer.write(chunk('x'.repeat(1024 * 1024)));
    await writer.write(status('TASK_STATE_COMPLETED'));
    await pause(5);
    const which = { agent: 'large', state: 'TASK_STATE_COMPLETED', forMs: 1 } as const;
    expect(await stores.tasks.trimEnded(which, 10)).toBe(1);
    expect(await stores.tasks.trimEnded(which, 10)).toBe(0);
    expect(await stores.tasks.head(context, writer.run.taskId)).toMatchObject({ lastSeq: 11, trimmedSeq: 0 });
    expect((await stores.tasks.get(context, writer.run.taskId))?.task.artifacts?.[0]?.parts).toHaveLength(9);
    expect(await stores.tasks.deleteEnded(which, 10)).toBe(1);
  });

  it('finds old tasks by indexes', async () => {
    await stores.dataSource.query(OLD_ROWS);
    await stores.dataSource.query('analyze a2a_task');
    const db = PostgresDatabase.of(stores.dataSource);
    const planOf = async (statement: Sql): Promise<string> => {
      const rows = await db.query<{ 'QUERY PLAN': string }>(sql`explain ${statement}`);
      return rows.map((row) => row['QUERY PLAN']).join('\n');
    };
    const statements: [(which: SettledTasks, limit: number) => Sql, TaskState, string][] = [
      [endedTasks, 'TASK_STATE_COMPLETED', 'a2a_task_rest'],
      [expiredTasks, 'TASK_STATE_INPUT_REQUIRED', 'a2a_task_rest'],
      [untrimmedTasks, 'TASK_STATE_COMPLETED', 'a2a_task_untrimmed'],
    ];
    for (const [statement, state, index] of statements) {
      const plan = await planOf(statement({ agent: 'old-1', state, forMs: 10 * HOUR }, 10));
      expect(plan).toContain(`Index Scan using ${index}`);
      expect(plan).not.toContain('Seq Scan on a2a_task');
      // The rows come in index order: a batch reads only the rows that it takes.
      expect(plan).not.toContain('Sort');
    }
    const found = await stores.tasks.expiredInputRequired(
      { agent: 'old-1', state: 'TASK_STATE_INPUT_REQUIRED', forMs: 10 * HOUR },
      3,
    );
    expect(found).toHaveLength(3);
    expect(await stores.tasks.deleteEnded({ agent: 'old-1', state: 'TASK_STATE_COMPLETED', forMs: 10 * HOUR }, 7)).toBe(
      7,
    );
  });
});
