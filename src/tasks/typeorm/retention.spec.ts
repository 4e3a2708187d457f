import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { begin, caller, chunk, pause, status } from '../../testing/contracts/fixtures.js';
import { EXPIRED_INPUT_REQUIRED } from './typeorm-task.store.js';
import { type OpenTypeOrmStores, openTypeOrmStores } from './open-stores.js';
import { DELETE_ENDED, UNTRIMMED } from './task-remover.js';

/** Rows as an older version writes them, without `rested_at`. Most of them have ended; some were trimmed. */
const OLD_ROWS = `
insert into a2a_task (task_id, tenant, owner, agent, context_id, state, status_at, last_seq, bytes, trimmed_seq)
select gen_random_uuid(), '', 'o', 'old-' || n % 3, 'c',
  case n % 10 when 0 then 'input-required' when 1 then 'working' else 'completed' end,
  now() - n * interval '1 minute', 2, 100, case n % 4 when 2 then 0 else 2 end
from generate_series(1, 20000) n`;

const HOUR = 3_600_000;

describe('the retention of tasks in Postgres', () => {
  let database: TestDatabase;
  let stores: OpenTypeOrmStores;

  beforeAll(async () => {
    database = await createTestDatabase();
    stores = await openTypeOrmStores(database.url);
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

  it('finds old tasks by indexes, also those that an older version wrote', async () => {
    await stores.dataSource.query(OLD_ROWS);
    await stores.dataSource.query('analyze a2a_task');
    const planOf = async (sql: string, state: string): Promise<string> => {
      const rows = await stores.dataSource.query<{ 'QUERY PLAN': string }[]>(`explain ${sql}`, [
        'old-1',
        state,
        10 * HOUR,
        100,
      ]);
      return rows.map((row) => row['QUERY PLAN']).join('\n');
    };
    for (const [sql, state, index] of [
      [DELETE_ENDED, 'completed', 'a2a_task_rest'],
      [EXPIRED_INPUT_REQUIRED, 'input-required', 'a2a_task_rest'],
      [UNTRIMMED, 'completed', 'a2a_task_untrimmed'],
    ] as const) {
      const plan = await planOf(sql, state);
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
