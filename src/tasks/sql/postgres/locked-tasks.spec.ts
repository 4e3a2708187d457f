import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { Gate } from '../../../../test/support/agent-of.js';
import { openLossyProxy } from '../../../../test/support/lossy-proxy.js';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/test-database.js';
import { begin, caller, chunk, incoming, pause, pushConfig } from '../../../testing/contracts/fixtures.js';
import { until } from '../../../testing/contracts/until.js';
import { TaskLockedError } from '../../task-locked.error.js';
import { FOR_UPDATE, sql } from '../core/sql.js';
import { PostgresDatabase } from './postgres.database.js';
import { type OpenPostgresStores, openPostgresStores } from './open-stores.js';

/** More than a proxy or a socket buffers. */
const LARGE = 'x'.repeat(6_000_000);
const PASSED = 1_000_000;
const CALLS = 12;

/** Whether something has not happened yet. */
function pending(work: Promise<unknown>): () => boolean {
  let waits = true;
  const settled = (): void => void (waits = false);
  work.then(settled, settled);
  return () => waits;
}

describe('a task whose row somebody else has locked', () => {
  const context = caller();
  let database: TestDatabase;
  let stores: OpenPostgresStores;
  let holder: pg.Client;
  beforeAll(async () => {
    database = await createTestDatabase();
    stores = await openPostgresStores(database.url);
  });
  beforeEach(async () => {
    holder = new pg.Client(database.url);
    await holder.connect();
  });
  afterEach(() => holder.end());
  afterAll(async () => {
    await stores.close();
    await database.drop();
  });

  async function lock(taskId: string): Promise<void> {
    await holder.query('begin');
    await holder.query('select from a2a_task where task_id = $1 for no key update', [taskId]);
  }

  it('keeps no append of other tasks waiting, and is appended to when it is free', async () => {
    const [locked, ...others] = await Promise.all([0, 1, 2, 3].map(() => begin(stores, context)));
    if (!locked) throw new Error('no task');
    await lock(locked.run.taskId);
    const waiting = locked.write(chunk('late'));
    const waits = pending(waiting);
    for (let n = 0; n < 20; n++) await Promise.all(others.map((writer) => writer.write(chunk(String(n)))));
    expect(waits()).toBe(true);
    await holder.query('rollback');
    await waiting;
    expect((await stores.tasks.head(context, locked.run.taskId))?.lastSeq).toBe(2);
  });

  it(`leaves connections to others when ${CALLS} calls want it, and refuses each as an error about that task`, async () => {
    const [locked, other] = [await begin(stores, context), await begin(stores, context)];
    const { run } = locked;
    const database = PostgresDatabase.of(stores.dataSource);
    const kinds = [
      () => stores.inbox.put(context, run.taskId, incoming('x'), 'digest', 16),
      () => stores.runs.requestCancel(context, run.taskId),
      () => stores.runs.release(run),
      () => stores.pushConfigs.put(context, run.taskId, pushConfig('c'), 5),
    ];
    // A slow machine does not serve the others before the calls are refused: it tries again.
    await until(async () => {
      await lock(run.taskId);
      const calls = Array.from({ length: CALLS }, (_, n) => kinds[n % kinds.length]!());
      const waits = calls.map(pending);
      // As many calls as there are connections, minus the part that such calls may use.
      await Promise.all([0, 1, 2, 3, 4].map(() => stores.tasks.get(context, other.run.taskId)));
      await database.query(sql`select 1`);
      expect(await stores.runs.requestCancel(context, other.run.taskId)).toBeDefined();
      const inTime = waits.every((still) => still());
      for (const end of await Promise.allSettled(calls)) {
        expect(end).toMatchObject({ status: 'rejected', reason: expect.any(TaskLockedError) as unknown });
      }
      await holder.query('rollback');
      return inTime;
    });
    expect(await stores.runs.requestCancel(context, run.taskId)).toBeDefined();
  });

  it(`is deleted over one connection when ${CALLS} calls want that`, async () => {
    const { pool } = PostgresDatabase.of(stores.dataSource);
    const { run } = await begin(stores, context);
    await lock(run.taskId);
    const taken = (): number => pool.totalCount - pool.idleCount + pool.waitingCount;
    const before = taken();
    const calls = Array.from({ length: CALLS }, () => stores.tasks.delete(context, run.taskId));
    // A connection is requested immediately.
    expect(taken() - before).toBe(1);
    for (const end of await Promise.allSettled(calls))
      expect(end).toMatchObject({ status: 'rejected', reason: expect.any(TaskLockedError) as unknown });
    await holder.query('rollback');
    expect(await stores.tasks.delete(context, run.taskId)).toBe(true);
  });

  it('is not locked by a follow-up that is cut off in the middle, and which is stored on another connection', async () => {
    const proxy = await openLossyProxy(database.url);
    const cutOff = await openPostgresStores(proxy.url, { dataSource: { poolErrorHandler: () => undefined } });
    try {
      const writer = await begin(stores, context);
      const { taskId } = writer.run;
      await cutOff.tasks.head(context, taskId);
      proxy.silenceAfterSent(PASSED);
      const put = cutOff.inbox.put(context, taskId, incoming(LARGE), 'digest', 16);
      const waits = pending(put);
      while (proxy.silenced === 0) await pause(10);
      await writer.write(chunk('goes on'));
      expect(await stores.inbox.put(context, taskId, incoming('small'), 'digest-2', 16)).toMatchObject({
        result: 'queued',
      });
      expect(waits()).toBe(true);
      proxy.speak({ cut: true });
      expect(await put).toMatchObject({ result: 'queued' });
    } finally {
      await cutOff.close();
      await proxy.close();
    }
  });

  it('stays locked by a process that stands still in a transaction for seconds only', async () => {
    const writer = await begin(stores, context);
    const { taskId } = writer.run;
    const [locked, still] = [new Gate(), new Gate()];
    let tries = 0;
    const frozen = PostgresDatabase.of(stores.dataSource).write(async (session) => {
      tries++;
      await session.query(sql`select from a2a_task where task_id = ${taskId} ${FOR_UPDATE}`);
      locked.open();
      await still.opened;
      await session.query(sql`select 1`);
    });
    await locked.opened;
    await writer.write(chunk('goes on'));
    still.open();
    await frozen;
    expect(tries).toBe(2);
  });
});

describe('the session of every connection', () => {
  it('has our isolation level and the server’s own limits, whatever the database says', async () => {
    const database = await createTestDatabase();
    const admin = new pg.Client(database.url);
    await admin.connect();
    await admin.query(`do $$ begin
      execute format('alter database %I set default_transaction_isolation = serializable', current_database()); end $$`);
    await admin.end();
    const stores = await openPostgresStores(database.url);
    const { pool } = PostgresDatabase.of(stores.dataSource);
    const foreign = new pg.Pool({ connectionString: database.url });
    const source = { options: { type: 'postgres' }, driver: { master: foreign } };
    const theirs = PostgresDatabase.of(source as unknown as Parameters<typeof PostgresDatabase.of>[0]);
    const setting = async (of: pg.Pool, name: string): Promise<unknown> =>
      (await of.query<{ value: string }>('select current_setting($1) as value', [name])).rows[0]?.value;
    for (const each of [pool, theirs.pool]) {
      expect(await setting(each, 'transaction_isolation')).toBe('read committed');
      expect(await setting(each, 'statement_timeout')).toBe('30s');
      expect(await setting(each, 'lock_timeout')).toBe('1s');
      expect(await setting(each, 'idle_in_transaction_session_timeout')).toBe('2s');
      expect(await setting(each, 'transaction_timeout')).toBe('35s');
      expect(await setting(each, 'client_connection_check_interval')).toBe('2s');
      expect(await setting(each, 'tcp_keepalives_idle')).toBe('10');
      expect(await setting(each, 'tcp_user_timeout')).toBe('20000');
    }
    await foreign.end();
    await stores.close();
    await database.drop();
  });
});
