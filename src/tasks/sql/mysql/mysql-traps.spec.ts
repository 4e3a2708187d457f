import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestMysql, type TestMysql } from '../../../../test/support/test-mysql.js';
import {
  begin,
  caller,
  chunk,
  incoming,
  newTask,
  pushConfig,
  userMessage,
} from '../../../testing/contracts/fixtures.js';
import { mysqlDataSource } from './mysql-data-source.js';
import { sql } from '../core/sql.js';
import { type OpenSqlStores, openDatabase, openSqlStores } from '../open-stores.js';

const mysql = await createTestMysql();
afterAll(() => mysql?.drop());

/** Strings that are equal in a database that ignores case and pads with spaces. */
const ALIKE = ['a', 'A', 'a ', 'á', 'ａ', 'a\u200b'];
const LONG = '👋🏽'.repeat(64);

function suite({ type, url }: TestMysql): void {
  describe(`what ${type} does by default`, () => {
    let stores: OpenSqlStores;
    beforeAll(async () => {
      stores = await openSqlStores(await mysqlDataSource(type, url));
    });
    afterAll(() => stores.close());

    it.each([...ALIKE, LONG].map((id) => [id]))('does not take another id for %j', async (id) => {
      expect(Buffer.byteLength(LONG)).toBe(512);
      const context = caller({ owner: `owner ${id}`, tenant: id });
      const writer = await begin(stores, context, { messageId: id, contextId: id });
      const { taskId } = writer.run;
      await stores.pushConfigs.put(context, taskId, pushConfig(id, { token: id }), 10);
      await stores.inbox.put(context, taskId, incoming(id, { messageId: `${id}2` }), 'd', 10);
      for (const other of ALIKE.filter((one) => one !== id)) {
        for (const scope of [{ owner: `owner ${other}` }, { tenant: other }]) {
          expect(await stores.tasks.head({ ...context, ...scope }, taskId)).toBeUndefined();
        }
        expect(await stores.tasks.byMessageId(context, other)).toBeUndefined();
        expect((await stores.tasks.list(context, { contextId: other })).totalSize).toBe(0);
        expect(await stores.pushConfigs.get(context, taskId, other)).toBeUndefined();
      }
      const head = await stores.tasks.head(context, taskId);
      expect(head).toMatchObject({ owner: context.owner, tenant: id, contextId: id });
      expect(await stores.pushConfigs.get(context, taskId, id)).toMatchObject({ id, token: id });
      const created = await stores.tasks.create(context, newTask({ messageId: id }));
      expect(created).toMatchObject({ created: false, taskId });
    });

    it('makes every connection strict, and shows each statement what is committed', async () => {
      const isolation = type === 'mariadb' ? '@@tx_isolation' : '@@transaction_isolation';
      const sql = `select @@sql_mode as mode, ${isolation} as isolation, sleep(0.05)`;
      const sessions = await Promise.all(Array.from({ length: 8 }, () => stores.dataSource.query<object[]>(sql)));
      for (const [session] of sessions) {
        expect(session).toMatchObject({
          mode: 'STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION',
          isolation: 'READ-COMMITTED',
        });
      }
    });

    it('is refused what it would not take at once, by name, and nothing else suffers', async () => {
      const [row] = await stores.dataSource.query<{ packet: number }[]>('select @@max_allowed_packet as packet');
      const packet = Number(row?.packet);
      const context = caller();
      const [small, large] = [await begin(stores, context), await begin(stores, context)];
      // JSON writes each quote as a backslash and a quote; each of these takes two bytes in a statement.
      const quotes = '"'.repeat(Math.ceil(packet / 4));
      const [written, refused] = await Promise.all([small.append(chunk('x')), large.append(chunk(quotes))]);
      expect(written).toMatchObject({ ok: true });
      expect(refused).toMatchObject({ ok: false, reason: 'invalid' });
      expect(refused.ok || String(refused.cause)).toMatch(/max_allowed_packet/);
      const history = [userMessage(quotes)];
      const refusal = { reason: 'INVALID_PARAMS', message: expect.stringContaining('max_allowed_packet') as unknown };
      await expect(stores.tasks.create(context, newTask({ history }))).rejects.toMatchObject(refusal);
      const put = stores.inbox.put(context, small.run.taskId, incoming(quotes), 'd', 5);
      await expect(put).rejects.toMatchObject(refusal);
      await large.write(chunk('y'.repeat(Math.min(packet - 1024 * 1024, 10_000_000))));
      await large.write(chunk('goes on'));
      expect(await stores.tasks.head(context, large.run.taskId)).toMatchObject({ lastSeq: 3 });
    });

    it('has deadlocks, of which nobody hears', async () => {
      const db = await openDatabase(stores.dataSource);
      const context = caller();
      const tasks = [await begin(stores, context), await begin(stores, context)];
      const ids = tasks.map(({ run }) => run.taskId);
      let both: () => void = () => undefined;
      const locked = new Promise<void>((resolve) => (both = resolve));
      let holders = 0;
      let runs = 0;
      const lockBoth = (first = '', second = '') =>
        db.write(async (session) => {
          runs++;
          await session.run(sql`update a2a_task set turn = turn + 1 where task_id = ${first}`);
          if (++holders === 2) both();
          await locked;
          await session.run(sql`update a2a_task set turn = turn + 1 where task_id = ${second}`);
        });
      await Promise.all([lockBoth(ids[0], ids[1]), lockBoth(ids[1], ids[0])]);
      expect(runs).toBe(3);
      for (const id of ids) expect(await stores.tasks.head(context, id)).toMatchObject({ turn: 3 });
    });
  });
}

if (mysql) suite(mysql);
else describe('what MySQL does by default', () => it.todo('needs a MySQL or MariaDB'));
