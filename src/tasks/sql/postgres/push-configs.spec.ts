import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/test-database.js';
import { begin, caller, chunk, HOUR, pushConfig, status } from '../../../testing/contracts/fixtures.js';
import { PostgresDatabase } from './postgres.database.js';
import { type OpenPostgresStores, openPostgresStores } from './open-stores.js';
import { configKey } from '../core/keys.js';
import { sql } from '../core/sql.js';
import { lockTask } from '../core/lock-task.js';
import { patchWebhooks } from '../core/patch-webhooks.js';
import { DUE, DUE_OF_LANES } from './delivery.statements.js';

const BLOCKED = `
select 1 from pg_stat_activity where datname = current_database() and cardinality(pg_blocking_pids(pid)) > 0`;

describe('push configs in Postgres', () => {
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

  async function untilSomebodyWaits(): Promise<void> {
    while ((await stores.dataSource.query<unknown[]>(BLOCKED)).length === 0) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  it('are owed an event whose append began before they were committed', async () => {
    const context = caller();
    const writer = await begin(stores, context);
    const { taskId } = writer.run;
    let written: Promise<void> | undefined;
    await PostgresDatabase.of(stores.dataSource).write(async (session) => {
      await session.run(sql`set local idle_in_transaction_session_timeout = 0`);
      const task = (await lockTask(session, context, taskId))!;
      await patchWebhooks(session, task, { stored: { config: pushConfig('a'), createdAt: Date.now() } });
      written = writer.write(status('TASK_STATE_COMPLETED'));
      await untilSomebodyWaits();
    });
    await written;
    const taken = await stores.outbox.take(1000, HOUR);
    expect(taken.filter(({ event }) => event.taskId === taskId)).toMatchObject([{ event: { seq: 2 } }]);
  });

  it('leave a task without a trace in its row', async () => {
    const context = caller();
    const { taskId } = (await begin(stores, context)).run;
    const columns = async (): Promise<unknown> => {
      const sql = 'select push_configs, webhooks from a2a_task where task_id = $1';
      return (await stores.dataSource.query<unknown[]>(sql, [taskId]))[0];
    };
    await stores.pushConfigs.put(context, taskId, pushConfig('a'), 5);
    await stores.pushConfigs.put(context, taskId, pushConfig('b'), 5);
    await stores.pushConfigs.put(context, taskId, pushConfig('a'), 5);
    const keys = ['a', 'b'].map((id) => expect.stringContaining(configKey(id)) as unknown);
    for (const key of keys) expect(await columns()).toEqual({ push_configs: key, webhooks: 2 });
    await stores.pushConfigs.delete(context, taskId, 'a');
    await stores.pushConfigs.disable(taskId, 'b', 'gone');
    expect(await columns()).toEqual({ push_configs: null, webhooks: 0 });
  });

  it('cost nothing to look for while they are not due, however much waits for them', async () => {
    const context = caller();
    const writer = await begin(stores, context, { pushConfigs: [pushConfig('a')] });
    for (let n = 0; n < 4; n++) await writer.write(...Array.from({ length: 500 }, () => chunk('x', 'a', false)));
    await stores.outbox.take(1000, HOUR);
    await stores.dataSource.query('vacuum analyze a2a_outbox, a2a_push_queue');
    for (const [sql, values] of [
      [DUE, [500]],
      [DUE_OF_LANES, ['', '', 32]],
    ] as const) {
      const [row] = await stores.dataSource.query<{ 'QUERY PLAN': [{ Plan: Record<string, number> }] }[]>(
        `explain (analyze, buffers, format json) ${sql}`,
        [...values],
      );
      const plan = row?.['QUERY PLAN'][0].Plan ?? {};
      expect((plan['Shared Hit Blocks'] ?? NaN) + (plan['Shared Read Blocks'] ?? NaN)).toBeLessThan(20);
    }
  });

  it('keep the reason of each delivery that was given up', async () => {
    const context = caller();
    const writer = await begin(stores, context, { pushConfigs: [pushConfig('a')] });
    const { taskId } = writer.run;
    await writer.write(chunk('x', 'a', false));
    const [first] = (await stores.outbox.take(1000, HOUR)).filter(({ event }) => event.taskId === taskId);
    await stores.outbox.deadLetter(first?.id ?? '', 'it said no');
    await stores.pushConfigs.disable(taskId, 'a', 'its receiver failed too often');
    const dead = await stores.dataSource.query<unknown[]>(
      'select seq, dead_reason from a2a_outbox where task_id = $1 and dead_at is not null order by seq',
      [taskId],
    );
    expect(dead).toEqual([
      { seq: '1', dead_reason: 'it said no' },
      { seq: '2', dead_reason: 'its receiver failed too often' },
    ]);
  });
});
