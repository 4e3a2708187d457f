import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/test-database.js';
import {
  begin,
  caller,
  chunk,
  newTask,
  pushConfig,
  status,
  userMessage,
  type Writer,
} from '../../../testing/contracts/fixtures.js';
import type { PendingEvent } from '../../pending-event.js';
import { PostgresDatabase } from './postgres.database.js';
import { type OpenPostgresStores, openPostgresStores } from './open-stores.js';

describe('the stores in Postgres', () => {
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

  const snapshotSeq = async ({ run: { taskId } }: Writer): Promise<number | undefined> => {
    await stores.tasks.idle();
    const row = await stores.dataSource
      .getRepository<{ task_id: string; seq: string }>('a2a_snapshot')
      .findOneBy({ task_id: taskId });
    return row ? Number(row.seq) : undefined;
  };

  describe('an append that the database refuses', () => {
    const event: PendingEvent = { kind: 'artifact', data: '{}', bytes: 2 };
    const bad: [string, PendingEvent][] = [
      ['no JSON', { ...event, data: '{"artifact":' }],
      ['inbound without JSON', { ...event, kind: 'status', state: 'TASK_STATE_WORKING', inbound: 'no' }],
      ['a status time that is none', { ...event, kind: 'status', state: 'TASK_STATE_WORKING', statusAt: 'soon' }],
    ];

    it.each(bad)('is invalid alone, the others of its batch are stored: %s', async (_name, guilty) => {
      const context = caller();
      const writers = await Promise.all([0, 1, 2, 3, 4].map(() => begin(stores, context)));
      const results = await Promise.all(
        writers.map((writer, index) => writer.append(...(index === 3 ? [chunk('a'), guilty] : [chunk('b')]))),
      );
      expect(results.map((result) => (result.ok ? 'ok' : result.reason))).toEqual(['ok', 'ok', 'ok', 'invalid', 'ok']);
      const seqs = await stores.tasks.lastSeqs(writers.map(({ run }) => run));
      expect(writers.map(({ run }) => seqs.get(run.taskId))).toEqual([2, 2, 2, 1, 2]);
    });

    it('is refused to a client when it comes with a new task', async () => {
      const task = newTask();
      const broken = { ...task, event: { ...task.event, data: '{"status":' } };
      const results = await Promise.allSettled(
        [newTask(), broken, newTask()].map((one) => stores.tasks.create(caller(), one)),
      );
      expect(results.map(({ status: outcome }) => outcome)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      expect(results[1]).toMatchObject({ reason: { reason: 'INVALID_PARAMS' } });
    });
  });

  describe('snapshots', () => {
    const text = 'x'.repeat(1000);

    it('are not made of small tasks', async () => {
      const writer = await begin(stores, caller());
      await writer.write(...Array.from({ length: 40 }, () => chunk(text)), status('TASK_STATE_COMPLETED'));
      expect(await snapshotSeq(writer)).toBeUndefined();
    });

    it('are made of larger ones when they end or wait for their client', async () => {
      const context = caller();
      const writer = await begin(stores, context);
      await writer.write(...Array.from({ length: 80 }, () => chunk('x')));
      expect(await snapshotSeq(writer)).toBeUndefined();
      await writer.write(status('TASK_STATE_INPUT_REQUIRED'));
      expect(await snapshotSeq(writer)).toBe(writer.lastSeq);
      await writer.write(status('TASK_STATE_WORKING'));
      await writer.write(...Array.from({ length: 80 }, () => chunk('x')), status('TASK_STATE_COMPLETED'));
      expect(await snapshotSeq(writer)).toBe(writer.lastSeq);
      const { artifacts } = (await stores.tasks.get(context, writer.run.taskId))?.task ?? {};
      expect(artifacts?.[0]?.parts).toHaveLength(160);
    });

    it('double in size while a task grows, so that their sum stays linear', async () => {
      const writer = await begin(stores, caller());
      const seqs = new Set<number>();
      for (let n = 0; n < 64; n++) {
        await writer.write(...Array.from({ length: 16 }, () => chunk(text)));
        const seq = await snapshotSeq(writer);
        if (seq !== undefined) seqs.add(seq);
      }
      expect(seqs.size).toBeGreaterThan(2);
      expect(seqs.size).toBeLessThan(8);
      const [last, before] = [...seqs].reverse();
      expect(last).toBeGreaterThan(1.5 * (before ?? Infinity));
    });

    it('are not made of more than 8 MiB, and the task is read all the same', async () => {
      const context = caller();
      const writer = await begin(stores, context);
      for (let n = 0; n < 9; n++) await writer.write(chunk('x'.repeat(1024 * 1024)));
      await writer.write(status('TASK_STATE_COMPLETED'));
      expect(await snapshotSeq(writer)).toBeLessThan(10);
      const snapshot = await stores.tasks.get(context, writer.run.taskId);
      expect(snapshot?.task.artifacts?.[0]?.parts).toHaveLength(9);
      const listed = await stores.tasks.list(context, { includeArtifacts: true });
      expect(listed.tasks).toEqual([snapshot?.task]);
    });

    it('are not left behind by a task that is deleted at that moment', async () => {
      const context = caller();
      for (let round = 0; round < 5; round++) {
        const writer = await begin(stores, context);
        await writer.write(...Array.from({ length: 100 }, () => chunk('x')), status('TASK_STATE_COMPLETED'));
        await stores.tasks.delete(context, writer.run.taskId);
        expect(await snapshotSeq(writer)).toBeUndefined();
      }
    });
  });

  describe('pages of logs that are asked for at once', () => {
    const MEGABYTE = 1_000_000;

    it('are read together, each as if it were alone, and once for all who ask the same', async () => {
      const context = caller();
      const writers = await Promise.all(Array.from({ length: 10 }, () => begin(stores, context)));
      for (const [index, writer] of writers.entries())
        await writer.write(...Array.from({ length: index }, () => chunk('x')));
      const query = jest.spyOn(PostgresDatabase.of(stores.dataSource).pool, 'query');
      const ask = ({ run }: Writer, afterSeq: number, limit?: number) =>
        stores.tasks.eventsAfter(context, run.taskId, afterSeq, { limit });
      const answers = await Promise.all([
        ...writers.map((writer) => ask(writer, 1)),
        ...writers.map((writer) => ask(writer, 1)),
        ask(writers[9]!, 3, 2),
        ask(writers[9]!, 10),
        stores.tasks.eventsAfter(caller(), writers[9]!.run.taskId, 0),
        stores.tasks.eventsAfter(context, 'not-there', 0),
      ]);
      expect(query).toHaveBeenCalledTimes(1);
      query.mockRestore();
      const seqs = answers.map((page) => page && [page.lastSeq, ...page.events.map(({ seq }) => seq)]);
      const whole = writers.map((_, index) => [index + 1, ...Array.from({ length: index }, (_, i) => i + 2)]);
      expect(seqs).toEqual([...whole, ...whole, [10, 4, 5], [10], undefined, undefined]);
    });

    it('are read in portions when they are large, and none is left out', async () => {
      const context = caller();
      const writers = await Promise.all(Array.from({ length: 12 }, () => begin(stores, context)));
      for (const writer of writers) await writer.write(chunk('a'.repeat(MEGABYTE)), chunk('b'.repeat(MEGABYTE)));
      const sizes: number[] = [];
      const { pool } = PostgresDatabase.of(stores.dataSource);
      const original = pool.query.bind(pool) as (config: unknown) => Promise<{ rows: { data: string | null }[] }>;
      const query = jest.spyOn(pool, 'query').mockImplementation((async (config: unknown) => {
        const result = await original(config);
        sizes.push(result.rows.reduce((sum, { data }) => sum + (data?.length ?? 0), 0));
        return result;
      }) as never);
      const pages = await Promise.all(
        writers.map(({ run }) => stores.tasks.eventsAfter(context, run.taskId, 1, { maxBytes: 3 * MEGABYTE })),
      );
      query.mockRestore();
      for (const page of pages) {
        expect(page?.lastSeq).toBe(3);
        expect(page?.events[0]?.data).toContain('aaa');
        expect(page?.events.map(({ seq }) => seq)).toEqual([2, 3].slice(0, page?.events.length));
      }
      expect(sizes.length).toBeGreaterThan(3);
      expect(Math.max(...sizes)).toBeLessThan(6 * MEGABYTE);
    });

    it('are empty where a log has a hole', async () => {
      const context = caller();
      const [broken, sound] = [await begin(stores, context), await begin(stores, context)];
      for (const writer of [broken, sound]) await writer.write(chunk('x'));
      await stores.dataSource.query('delete from a2a_event where task_id = $1', [broken.run.taskId]);
      const ask = ({ run }: Writer) => stores.tasks.eventsAfter(context, run.taskId, 0);
      const pages = await Promise.all([ask(sound), ask(broken), ask(sound)]);
      expect(pages.map((page) => [page?.lastSeq, page?.events.length])).toEqual([
        [2, 2],
        [2, 0],
        [2, 2],
      ]);
    });
  });

  it('reads a page of tasks in three queries', async () => {
    const context = caller();
    for (let n = 0; n < 12; n++) {
      const writer = await begin(stores, context);
      await writer.write(...Array.from({ length: n * 10 }, () => chunk('x')), status('TASK_STATE_COMPLETED'));
    }
    await stores.tasks.idle();
    const query = jest.spyOn(PostgresDatabase.of(stores.dataSource).pool, 'query');
    const { tasks } = await stores.tasks.list(context, { includeArtifacts: true });
    expect(query).toHaveBeenCalledTimes(3);
    query.mockRestore();
    expect(tasks.map(({ artifacts }) => artifacts?.[0]?.parts.length ?? 0)).toEqual(
      Array.from({ length: 12 }, (_, n) => 110 - n * 10),
    );
  });

  it('reads tasks whole while they are trimmed and deleted', async () => {
    const context = caller();
    const writer = await begin(stores, context);
    await writer.write(...Array.from({ length: 300 }, () => chunk('x')), status('TASK_STATE_COMPLETED'));
    const { taskId } = writer.run;
    const read = async (): Promise<void> => {
      for (let n = 0; n < 20; n++) {
        const snapshot = await stores.tasks.get(context, taskId);
        if (snapshot) expect(snapshot.task.artifacts?.[0]?.parts).toHaveLength(300);
      }
    };
    const trim = async (): Promise<void> => {
      for (const upTo of [50, 100, 200, 302]) await stores.tasks.trim(taskId, upTo);
      await stores.tasks.delete(context, taskId);
    };
    await Promise.all([read(), read(), trim()]);
    expect(await stores.tasks.get(context, taskId)).toBeUndefined();
  });

  it('leaves nothing of a deleted task', async () => {
    const context = caller();
    const writer = await begin(stores, context);
    const { taskId } = writer.run;
    await stores.pushConfigs.put(context, taskId, pushConfig('c'), 5);
    await stores.inbox.put(context, taskId, { message: userMessage('waits') }, 'd', 5);
    await writer.write(...Array.from({ length: 100 }, () => chunk('x')), status('TASK_STATE_COMPLETED'));
    await stores.tasks.idle();
    const tables = ['task', 'event', 'snapshot', 'inbox', 'outbox', 'message', 'push_config', 'push_queue'];
    const count = async (): Promise<number[]> => {
      const sql = tables
        .map((table) => `select count(*)::int as n from a2a_${table} where task_id = $1`)
        .join(' union all ');
      return (await stores.dataSource.query<{ n: number }[]>(sql, [taskId])).map(({ n }) => n);
    };
    expect(await count()).toEqual([1, 102, 1, 1, 1, 2, 1, 1]);
    await stores.tasks.delete(context, taskId);
    expect(await count()).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  });
});
