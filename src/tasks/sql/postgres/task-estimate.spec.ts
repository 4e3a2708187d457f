import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/test-database.js';
import type { ListTasksRequest } from '../../../protocol/model/index.js';
import type { CallContext } from '../../../security/call-context.js';
import { caller } from '../../../testing/contracts/fixtures.js';
import { PostgresDatabase } from './postgres.database.js';
import { type OpenPostgresStores, openPostgresStores } from './open-stores.js';
import { SqlTaskList } from '../core/task-list.js';
import { SqlTaskReader } from '../core/task-reader.js';
import { contextKey, scopeKey } from '../core/keys.js';
import { PostgresTaskContent } from './task-content.js';
import { estimatedTotals } from './task-estimate.js';

const COUNTED = 50;

/** Every tenth task has failed. */
const FILL = `
with task as (
insert into a2a_task (task_id, scope, owner_key, context_key, tenant, owner, agent, context_id, state, status_at, last_seq, bytes,
  created_at)
select gen_random_uuid(), $5, $5, ($6::text[])[n % 4 + 1], $1, $2, $3, 'c' || n % 4, case when n % 10 = 0 then 'failed' else 'completed' end,
  now() - n * interval '1 s', 1, 1, now()
from generate_series(1, $4::int) as n
returning task_id)
insert into a2a_event (task_id, seq, fence, bytes, kind, state, data)
select task_id, 1, 1, 1, 0, 'completed', '{"status":{"state":"TASK_STATE_COMPLETED"}}' from task`;

describe('how many tasks match a list', () => {
  let database: TestDatabase;
  let stores: OpenPostgresStores;
  let db: PostgresDatabase;
  let lists: SqlTaskList;

  beforeAll(async () => {
    database = await createTestDatabase();
    stores = await openPostgresStores(database.url);
    db = PostgresDatabase.of(stores.dataSource);
    lists = new SqlTaskList(db, new SqlTaskReader(db), new PostgresTaskContent(db), estimatedTotals(db, COUNTED));
    // Statistics change only when the test requests it.
    await db.send('alter table a2a_task set (autovacuum_enabled = off)');
  });
  afterAll(async () => {
    await stores.close();
    await database.drop();
  });

  const fill = async (count: number): Promise<CallContext> => {
    const context = caller();
    const keys = [0, 1, 2, 3].map((n) => contextKey(`c${n}`));
    await db.send(FILL, [context.tenant, context.owner, context.agent, count, scopeKey(context), keys]);
    return context;
  };
  const total = async (context: CallContext, request: ListTasksRequest = {}): Promise<number> =>
    (await lists.list(context, { pageSize: 1, ...request })).totalSize;

  it('is exact up to the bound, with and without filters, on every page', async () => {
    await db.send('analyze a2a_task');
    const context = await fill(COUNTED);
    expect(await total(context)).toBe(COUNTED);
    expect(await total(context, { status: 'TASK_STATE_FAILED' })).toBe(5);
    expect(await total(context, { contextId: 'c1' })).toBe(13);
    const { nextPageToken } = await lists.list(context, { pageSize: 1 });
    expect(await total(context, { pageToken: nextPageToken })).toBe(COUNTED);
  });

  it('is never less than what was counted, also when the planner knows nothing of the tasks', async () => {
    await db.send('analyze a2a_task');
    const context = await fill(COUNTED * 10);
    expect(await total(context)).toBe(COUNTED + 1);
  });

  it('is estimated beyond the bound, also with filters', async () => {
    const context = await fill(COUNTED * 100);
    await db.send('analyze a2a_task');
    const near = (value: number, right: number): void => {
      expect(value).toBeGreaterThan(right * 0.5);
      expect(value).toBeLessThan(right * 2);
    };
    near(await total(context), 5000);
    near(await total(context, { status: 'TASK_STATE_FAILED' }), 500);
    near(await total(context, { contextId: 'c1' }), 1250);
    const statusTimestampAfter = new Date(Date.now() - 1_000_000).toISOString();
    near(await total(context, { statusTimestampAfter }), 1000);
  });
});
