import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource, QueryRunner } from 'typeorm';
import { type LossyProxy, openLossyProxy } from '../../../../test/support/lossy-proxy.js';
import { whileBreaking } from '../../../../test/support/while-breaking.js';
import { createTestMysql, type TestMysql } from '../../../../test/support/test-mysql.js';
import type { CallContext } from '../../../security/call-context.js';
import { begin, caller, chunk, incoming, newTask, pause, status } from '../../../testing/contracts/fixtures.js';
import type { CommittedEvent } from '../../committed-event.js';
import { mysqlDataSource } from './mysql-data-source.js';
import { sql } from '../core/sql.js';
import { openDatabase, type OpenSqlStores, openSqlStores } from '../open-stores.js';

const mysql = await createTestMysql();
afterAll(() => mysql?.drop());

if (mysql) suite(mysql);
else describe('stores whose connections are lost', () => it.todo('needs a MySQL or MariaDB'));

function suite({ type, url }: TestMysql): void {
  describe(`stores whose connections to ${type} are lost`, () => {
    let stores: OpenSqlStores;
    let proxy: LossyProxy;

    beforeAll(async () => {
      proxy = await openLossyProxy(url);
      stores = await openSqlStores(await mysqlDataSource(type, proxy.url));
    });
    afterAll(async () => {
      await stores.close();
      await proxy.close();
    });

    async function readLog(taskId: string, context: CallContext): Promise<readonly CommittedEvent[]> {
      const log: CommittedEvent[] = [];
      for (;;) {
        const page = await stores.tasks.eventsAfter(context, taskId, log.length);
        if (!page?.events.length) return log;
        log.push(...page.events);
      }
    }

    it('do a transaction again whose connection is lost before its commit', async () => {
      const db = await openDatabase(stores.dataSource);
      let tries = 0;
      const numbers = await db.write(async (session) => {
        if (++tries === 1) proxy.cut();
        return session.query<{ n: number }>(sql`select ${tries} as n`);
      });
      expect(numbers.map(({ n }) => Number(n))).toEqual([2]);
      const always = db.write((session) => {
        tries++;
        proxy.cut();
        return session.query(sql`select 1`);
      });
      await expect(always).rejects.toMatchObject({ reason: 'UNAVAILABLE' });
      expect(tries).toBe(4);
    });

    it('neither lose, repeat nor skip an event that was acknowledged', async () => {
      const context = caller();
      const writers = await Promise.all([0, 1, 2, 3].map(() => begin(stores, context)));
      const cuts = await whileBreaking(
        () => proxy.cut(),
        60,
        (progress) =>
          Promise.all(
            writers.map(async (writer) => {
              for (let n = 0; n < 100; n += 5) {
                await writer.write(...[0, 1, 2, 3, 4].map((m) => chunk(`${n + m}`)));
                progress();
              }
              await writer.write(status('TASK_STATE_COMPLETED'));
            }),
          ),
      );
      expect(cuts).toBeGreaterThan(2);
      for (const { run } of writers) {
        const log = await readLog(run.taskId, context);
        expect(log.map(({ seq }) => seq)).toEqual(Array.from({ length: 102 }, (_, index) => index + 1));
        const texts = log.slice(1, -1).map(({ data }) => data);
        expect(texts).toEqual(Array.from({ length: 100 }, (_, n) => chunk(`${n}`).data));
      }
    });

    it('know by the log what was committed although its answer was lost', async () => {
      const context = caller();
      const lost = loseCommits(stores.dataSource);
      lost.next();
      const task = newTask({ runOwner: 'r' });
      const created = await stores.tasks.create(context, task);
      expect(created).toMatchObject({ created: true, run: { taskId: task.taskId, fence: 1 } });
      if (!created.created) return;
      const { run } = created;
      for (let n = 0; n < 5; n++) {
        lost.next();
        const events = [chunk(`${n}a`), chunk(`${n}b`)];
        expect(await stores.tasks.append({ run, firstSeq: 2 + 2 * n, events })).toMatchObject({ ok: true });
      }
      lost.next();
      const misplaced = { run, firstSeq: 2, events: [chunk('other')] };
      expect(await stores.tasks.append(misplaced)).toMatchObject({ ok: false, reason: 'fenced' });
      lost.next();
      const end = { run, firstSeq: 12, events: [status('TASK_STATE_COMPLETED')] };
      expect(await stores.tasks.append(end)).toMatchObject({ ok: true });
      expect(lost.count).toBe(8);
      lost.stop();
      expect((await readLog(run.taskId, context)).map(({ seq }) => seq)).toEqual(
        Array.from({ length: 12 }, (_, index) => index + 1),
      );
      expect((await stores.tasks.list(context, {})).totalSize).toBe(1);
    });

    it('tell a sender to try again whose message may have been stored; sent again it is known', async () => {
      const context = caller();
      const { run } = await begin(stores, context);
      const message = incoming('x');
      const lost = loseCommits(stores.dataSource);
      lost.next();
      const put = () => stores.inbox.put(context, run.taskId, message, 'd', 5);
      await expect(put()).rejects.toMatchObject({ reason: 'UNAVAILABLE' });
      lost.stop();
      expect(await put()).toMatchObject({ result: 'duplicate', taskId: run.taskId });
    });

    it('say UNAVAILABLE while the server is unreachable, hold writes until it is back, and work again', async () => {
      const context = caller();
      const writer = await begin(stores, context);
      proxy.refusing = true;
      proxy.cut();
      await expect(stores.tasks.head(context, writer.run.taskId)).rejects.toMatchObject({ reason: 'UNAVAILABLE' });
      let written = false;
      const write = writer.write(chunk('held')).then(() => (written = true));
      await pause(300);
      expect(written).toBe(false);
      proxy.refusing = false;
      await write;
      expect(await stores.tasks.head(context, writer.run.taskId)).toMatchObject({ lastSeq: 2 });
    });
  });
}

/** Makes commits fail as if the connection broke before the answer arrived. */
function loseCommits(dataSource: DataSource) {
  const create = dataSource.createQueryRunner.bind(dataSource);
  let armed = false;
  const lost = {
    count: 0,
    next: () => void (armed = true),
    stop: () => void (dataSource.createQueryRunner = create),
  };
  dataSource.createQueryRunner = (...args): QueryRunner => {
    const runner = create(...args);
    const query = runner.query.bind(runner) as (...given: unknown[]) => Promise<unknown>;
    runner.query = (async (...given: unknown[]) => {
      const result = await query(...given);
      if (given[0] !== 'commit' || !armed) return result;
      armed = false;
      lost.count++;
      throw Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
    }) as QueryRunner['query'];
    return runner;
  };
  return lost;
}
