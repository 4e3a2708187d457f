import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { A2A_MIGRATIONS } from '../../../migrations/index.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { begin, caller, chunk, HOUR, pushConfig, status } from '../../testing/contracts/fixtures.js';
import { a2aDataSourceOptions } from './data-source-options.js';
import { Database } from './database.js';
import { type OpenTypeOrmStores, openTypeOrmStores } from './open-stores.js';
import { putPushConfig } from './put-push-config.js';
import { runMigrations } from './run-migrations.js';
import { DUE, DUE_OF_LANES } from './outbox.statements.js';

const BLOCKED = `
select 1 from pg_stat_activity where datname = current_database() and cardinality(pg_blocking_pids(pid)) > 0`;

describe('push configs in Postgres', () => {
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
    await Database.of(stores.dataSource).transaction(async (query) => {
      await query('select from a2a_task where task_id = $1::uuid for no key update', [taskId]);
      await putPushConfig(query, context, taskId, pushConfig('a'));
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
    const column = async (): Promise<unknown> =>
      (
        await stores.dataSource.query<{ push_configs: string[] | null }[]>(
          'select push_configs from a2a_task where task_id = $1',
          [taskId],
        )
      )[0]?.push_configs;
    await stores.pushConfigs.put(context, taskId, pushConfig('a'), 5);
    await stores.pushConfigs.put(context, taskId, pushConfig('b'), 5);
    await stores.pushConfigs.put(context, taskId, pushConfig('a'), 5);
    expect(await column()).toEqual(['b', 'a']);
    await stores.pushConfigs.delete(context, taskId, 'a');
    await stores.pushConfigs.disable(taskId, 'b', 'gone');
    expect(await column()).toBeNull();
  });

  it('cost nothing to look for while they are not due, however much waits for them', async () => {
    const context = caller();
    const writer = await begin(stores, context, { pushConfig: pushConfig('a') });
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
    const writer = await begin(stores, context, { pushConfig: pushConfig('a') });
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

describe('the migration to configs in the row of their task', () => {
  it('takes over the configs that there are, but not the disabled ones', async () => {
    const database = await createTestDatabase();
    const [initial] = A2A_MIGRATIONS;
    const options = a2aDataSourceOptions(database.url);
    const old = await new DataSource({ ...options, migrations: initial ? [initial] : [] }).initialize();
    await runMigrations(old);
    const ids = ['019a0000-0000-7000-8000-000000000001', '019a0000-0000-7000-8000-000000000002'];
    for (const id of ids) {
      await old.query(
        `insert into a2a_task (task_id, tenant, owner, agent, context_id, state, status_at, last_seq, bytes, has_push)
         values ($1, '', 'o', 'a', 'c', 'working', now(), 1, 1, $2)`,
        [id, id === ids[0]],
      );
    }
    await old.query(
      `insert into a2a_push_config (task_id, config_id, tenant, owner, agent, wire_version, url, disabled_at)
       select $1::uuid, config_id, '', 'o', 'a', '1.0', 'https://example.invalid/', disabled_at
       from (values ('on', null::timestamptz), ('off', now())) as c(config_id, disabled_at)`,
      [ids[0]],
    );
    await old.destroy();
    const source = await new DataSource(options).initialize();
    await runMigrations(source);
    expect(await source.query('select push_configs from a2a_task order by task_id')).toEqual([
      { push_configs: ['on'] },
      { push_configs: null },
    ]);
    await source.destroy();
    await database.drop();
  });
});
