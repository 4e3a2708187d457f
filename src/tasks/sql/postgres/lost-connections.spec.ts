import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { type LossyProxy, openLossyProxy } from '../../../../test/support/lossy-proxy.js';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/test-database.js';
import { tryOften } from '../../../../test/support/try-often.js';
import { untilAvailable } from '../../../../test/support/until-available.js';
import { whileBreaking } from '../../../../test/support/while-breaking.js';
import { begin, caller, chunk, incoming, newTask, pause, status, Writer } from '../../../testing/contracts/fixtures.js';
import type { CommittedEvent } from '../../committed-event.js';
import { PostgresDatabase } from './postgres.database.js';
import { type OpenPostgresStores, openPostgresStores } from './open-stores.js';
import { sql } from '../core/sql.js';
import type { SqlSession } from '../core/sql-database.interface.js';
import type { SqlStoresOptions } from '../core/sql-stores.options.js';

const TERMINATE = `
select pg_terminate_backend(pid) from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid() and application_name = 'victim'`;

describe('stores whose connections are lost', () => {
  let database: TestDatabase;
  let stores: OpenPostgresStores;
  let killer: pg.Client;

  beforeAll(async () => {
    database = await createTestDatabase();
    const dataSource = { applicationName: 'victim', poolErrorHandler: () => undefined };
    stores = await openPostgresStores(database.url, { dataSource });
    killer = new pg.Client(database.url);
    await killer.connect();
  });
  afterAll(async () => {
    await killer.end();
    await stores.close();
    await database.drop();
  });

  /** Kills the stores' connections repeatedly. */
  const whileKilling = (work: (progress: () => void) => Promise<void>): Promise<number> =>
    whileBreaking(() => killer.query(TERMINATE), 120, work);

  async function readLog(taskId: string, context = caller()): Promise<CommittedEvent[]> {
    const log: CommittedEvent[] = [];
    for (;;) {
      const page = await stores.tasks.eventsAfter(context, taskId, log.length);
      if (!page?.events.length) return log;
      log.push(...page.events);
    }
  }

  async function throughLossyProxy<T>(
    work: (lossy: OpenPostgresStores, proxy: LossyProxy) => Promise<T>,
    options: SqlStoresOptions = {},
  ): Promise<T> {
    const proxy = await openLossyProxy(database.url);
    const dataSource = { poolErrorHandler: () => undefined, connectTimeoutMS: options.statementTimeoutMs };
    const lossy = await tryOften(() => openPostgresStores(proxy.url, { dataSource, ...options }));
    try {
      return await work(lossy, proxy);
    } finally {
      await lossy.close();
      await proxy.close();
    }
  }

  it('neither lose, repeat nor skip an event that was acknowledged', async () => {
    const context = caller();
    const writers = await Promise.all([0, 1, 2, 3].map(() => begin(stores, context)));
    const kills = await whileKilling(async (progress) => {
      await Promise.all(
        writers.map(async (writer) => {
          for (let n = 0; n < 500; n += 5) {
            await writer.write(...[0, 1, 2, 3, 4].map((m) => chunk(`${n + m}`)));
            progress();
          }
          await writer.write(status('TASK_STATE_COMPLETED'));
        }),
      );
    });
    expect(kills).toBeGreaterThan(0);
    await stores.tasks.idle();
    for (const { run } of writers) {
      const log = await readLog(run.taskId, context);
      expect(log.map(({ seq }) => seq)).toEqual(Array.from({ length: 502 }, (_, index) => index + 1));
      expect(log.slice(1, -1).map(({ data }) => data)).toEqual(
        Array.from({ length: 500 }, (_, n) => chunk(`${n}`).data),
      );
    }
  });

  it('create each task once', async () => {
    const context = caller();
    const tasks = Array.from({ length: 200 }, () => newTask({ runOwner: 'r' }));
    await whileKilling(async (progress) => {
      for (let n = 0; n < tasks.length; n += 4) {
        const results = await Promise.all(tasks.slice(n, n + 4).map((task) => stores.tasks.create(context, task)));
        expect(results.map(({ created }) => created)).toEqual([true, true, true, true]);
        progress();
      }
    });
    expect((await stores.tasks.list(context, { pageSize: 1 })).totalSize).toBe(200);
  });

  it.each([
    [
      'terminated',
      (session: SqlSession): Promise<unknown> => session.query(sql`select pg_terminate_backend(pg_backend_pid())`),
    ],
    [
      'closed because this process stalled in a transaction',
      async (session: SqlSession): Promise<unknown> => {
        await session.run(sql`set local idle_in_transaction_session_timeout = 1`);
        await pause(100);
        return session.query(sql`select 1`);
      },
    ],
  ])('do a transaction again whose connection is %s before its commit', async (_, lose) => {
    const db = PostgresDatabase.of(stores.dataSource);
    let tries = 0;
    const done = db.write(async (session) => {
      if (++tries === 1) await lose(session);
      return session.query<{ n: number }>(sql`select ${tries}::int as n`);
    });
    expect(await done).toEqual([{ n: 2 }]);
    const always = db.write((session) => {
      tries++;
      return lose(session);
    });
    await expect(always).rejects.toMatchObject({ reason: 'UNAVAILABLE' });
    expect(tries).toBe(4);
  });

  it('know by the log what was committed although its answer was lost', async () => {
    const context = caller();
    const run = await throughLossyProxy(async (lossy, proxy) => {
      await lossy.tasks.create(context, newTask({ runOwner: 'r' }));
      proxy.loseNextAnswers();
      const created = await lossy.tasks.create(context, newTask({ runOwner: 'r' }));
      if (!created.created) throw new Error('not created');
      expect(proxy.lost).toBe(1);

      const writer = new Writer(lossy.tasks, created.run);
      await writer.write(chunk('0'));
      for (let n = 1; n < 10; n++) {
        proxy.loseNextAnswers();
        await writer.write(chunk(`${n}`), chunk('+'));
      }
      expect(proxy.lost).toBe(10);
      proxy.loseNextAnswers();
      const misplaced = await lossy.tasks.append({ run: created.run, firstSeq: 2, events: [chunk('other')] });
      expect(misplaced).toMatchObject({ ok: false, reason: 'fenced' });
      return created.run;
    });
    const log = await readLog(run.taskId, context);
    expect(log.map(({ seq }) => seq)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    expect((await stores.tasks.list(context, {})).totalSize).toBe(2);
    // The time of the first try stays: events of one append have one.
    const times = (await stores.admin.events(run.taskId, 0))?.map(({ at }) => at) ?? [];
    expect(times).toEqual([...times].sort());
    for (let first = 2; first < 20; first += 2) expect(times[first + 1]).toBe(times[first]);
  });

  it('know what was committed when the database dies between the bytes of its answer', async () => {
    const context = caller();
    await throughLossyProxy(async (lossy, proxy) => {
      const writer = await begin(lossy, context);
      await writer.write(chunk('0'));
      for (const bytes of [1, 4, 5, 6, 20, 40]) {
        proxy.loseNextAnswers(bytes);
        await writer.write(chunk(`${bytes}`));
      }
      expect(proxy.lost).toBe(6);
      proxy.loseNextAnswers(7);
      await expect(lossy.tasks.get(context, writer.run.taskId)).rejects.toMatchObject({ reason: 'UNAVAILABLE' });
      expect(await readLog(writer.run.taskId, context)).toHaveLength(8);
    });
  });

  describe('to a database that falls silent', () => {
    const unavailable = { reason: 'UNAVAILABLE' };
    const options = { statementTimeoutMs: 600 };

    it('write on as soon as new connections are answered', async () => {
      const context = caller();
      await throughLossyProxy(async (lossy, proxy) => {
        const writer = await untilAvailable(() => begin(lossy, context));
        proxy.fallSilent();
        const written = writer.write(chunk('a'), chunk('b'));
        const created = lossy.tasks.create(context, newTask({ runOwner: 'r' }));
        // Both the open connections and new ones, which are accepted but never answered.
        while (proxy.silenced < 6) await pause(20);
        proxy.speak();
        await written;
        expect(await created).toMatchObject({ created: true });
        expect(await readLog(writer.run.taskId, context)).toHaveLength(3);
      }, options);
    });

    it('answer UNAVAILABLE to what reads, and to every step of a transaction', async () => {
      const context = caller();
      await throughLossyProxy(async (lossy, proxy) => {
        const { run } = await untilAvailable(() => begin(lossy, context));
        for (const work of [
          () => lossy.tasks.get(context, run.taskId),
          () => lossy.tasks.lastSeqs([run]),
          () => lossy.runs.release(run),
          () => lossy.inbox.put(context, run.taskId, incoming('x'), 'digest', 16),
          () => lossy.runs.claimTurn(context, run.taskId, 'r'),
        ]) {
          await untilAvailable(() => lossy.tasks.head(context, run.taskId));
          proxy.fallSilent();
          await expect(work()).rejects.toMatchObject(unavailable);
          proxy.speak();
        }
        const db = PostgresDatabase.of(lossy.dataSource, options.statementTimeoutMs);
        for (const silentAt of [1, 2, 3]) {
          const transaction = db.write(async (session) => {
            for (let step = 1; step <= 3; step++) {
              if (step === silentAt) proxy.fallSilent();
              if (step < 3) await session.query(sql`select 1`);
            }
          });
          await expect(transaction).rejects.toMatchObject(unavailable);
          proxy.speak();
        }
        expect(await untilAvailable(() => lossy.runs.release(run))).toBe('released');
      }, options);
    });

    it('do not run out of connections to it', async () => {
      const context = caller();
      await throughLossyProxy(async (lossy, proxy) => {
        const { run } = await untilAvailable(() => begin(lossy, context));
        proxy.fallSilent();
        const calls = Array.from({ length: 40 }, (_, n) =>
          n % 2 === 0 ? lossy.tasks.head(context, run.taskId) : lossy.runs.release(run),
        );
        for (const { status } of await Promise.allSettled(calls)) expect(status).toBe('rejected');
        proxy.speak();
        const heads = Array.from({ length: 40 }, () => untilAvailable(() => lossy.tasks.head(context, run.taskId)));
        expect(await Promise.all(heads)).toHaveLength(40);
      }, options);
    });

    it('are closed all the same', async () => {
      await throughLossyProxy(async (lossy, proxy) => {
        const context = caller();
        const { run } = await untilAvailable(() => begin(lossy, context));
        const heads = Array.from({ length: 5 }, () => untilAvailable(() => lossy.tasks.head(context, run.taskId)));
        await Promise.all(heads);
        await untilAvailable(() => lossy.runs.registerReplica('r', 1000));
        proxy.fallSilent();
        // The pool's connections, two that write, and one for the lease. The next steps close them.
        expect(proxy.silenced).toBeGreaterThan(3);
      }, options);
    });
  });

  it('renew a lease while every connection of the pool is taken', async () => {
    await stores.runs.registerReplica('busy', 60_000);
    const { pool } = PostgresDatabase.of(stores.dataSource);
    const taken = await Promise.all(Array.from({ length: 10 }, () => pool.connect()));
    expect(await stores.runs.renewReplica('busy', 60_000)).toBe(true);
    for (const client of taken) client.release();
  });

  it('answer UNAVAILABLE while the database is unreachable', async () => {
    const gone = await createTestDatabase();
    const options = { retryForMs: 100, dataSource: { poolErrorHandler: () => undefined } };
    const lost = await openPostgresStores(gone.url, options);
    const context = caller();
    const writer = await begin(lost, context);
    await gone.drop();
    const unavailable = { reason: 'UNAVAILABLE', retryAfter: expect.any(Number) as unknown };
    await expect(writer.append(chunk('x'))).rejects.toMatchObject(unavailable);
    await expect(lost.tasks.create(context, newTask())).rejects.toMatchObject(unavailable);
    await expect(lost.tasks.get(context, writer.run.taskId)).rejects.toMatchObject(unavailable);
    await expect(lost.runs.release(writer.run)).rejects.toMatchObject(unavailable);
    await lost.close();
  });
});
