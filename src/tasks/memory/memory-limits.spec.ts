import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  begin,
  caller,
  chunk,
  incoming,
  newTask,
  pushConfig,
  status,
  type Writer,
} from '../../testing/contracts/fixtures.js';
import type { CallContext } from '../../security/call-context.js';
import type { OpenStores } from '../stores.js';
import { openMemoryStores } from './open-stores.js';

const full = { reason: 'RESOURCE_EXHAUSTED', message: expect.stringContaining('in memory') as unknown };

describe('the cap of the memory stores', () => {
  it('forgets the task that ended first when there are too many', async () => {
    const stores = openMemoryStores({ maxTasks: 3 });
    const context = caller();
    const writers: Writer[] = [];
    for (let n = 0; n < 3; n++) writers.push(await begin(stores, context));
    const [first, second, third] = writers;
    await second?.write(status('TASK_STATE_COMPLETED'));
    await first?.write(status('TASK_STATE_COMPLETED'));
    const fourth = await begin(stores, context);
    const there = await stores.tasks.list(context, {});
    expect(there.tasks.map(({ id }) => id).sort()).toEqual(
      [first, third, fourth].map((writer) => writer?.run.taskId).sort(),
    );
  });

  it('refuses a task when there are too many and none has ended', async () => {
    const stores = openMemoryStores({ maxTasks: 2 });
    const context = caller();
    const writer = await begin(stores, context);
    await begin(stores, context);
    const task = newTask({ runOwner: 'r' });
    await expect(stores.tasks.create(context, task)).rejects.toMatchObject(full);
    expect(await stores.tasks.byMessageId(context, task.messageId)).toBeUndefined();
    await writer.write(status('TASK_STATE_FAILED'));
    expect(await stores.tasks.create(context, task)).toMatchObject({ created: true });
  });

  it('refuses tasks, messages and output when the bytes are used up, but lets every task end', async () => {
    const stores = openMemoryStores({ maxBytes: 20_000 });
    const context = caller();
    const writer = await begin(stores, context);
    await writer.write(chunk('x'.repeat(16_000)));
    const { taskId } = writer.run;
    const big = 'y'.repeat(5_000);
    expect(await writer.append(chunk(big))).toMatchObject({
      ok: false,
      reason: 'invalid',
      cause: { reason: 'RESOURCE_EXHAUSTED' },
    });
    await expect(stores.inbox.put(context, taskId, incoming(big), 'd', 5)).rejects.toMatchObject(full);
    await expect(stores.tasks.create(context, newTask({ metadata: { big } }))).rejects.toMatchObject(full);
    expect(await stores.tasks.head(context, taskId)).toMatchObject({ lastSeq: 2 });
    expect(await writer.append(status('TASK_STATE_FAILED', { metadata: { big } }))).toMatchObject({ ok: true });
    expect(await stores.tasks.create(context, newTask({ metadata: { big } }))).toMatchObject({ created: true });
    expect(await stores.tasks.head(context, taskId)).toBeUndefined();
  });

  it('refuses what is larger than all there is, without forgetting anything', async () => {
    const stores = openMemoryStores({ maxBytes: 20_000 });
    const context = caller();
    await (await begin(stores, context)).write(status('TASK_STATE_COMPLETED'));
    await expect(
      stores.tasks.create(context, newTask({ metadata: { big: 'x'.repeat(30_000) } })),
    ).rejects.toMatchObject(full);
    expect((await stores.tasks.list(context, {})).totalSize).toBe(1);
  });

  it('makes room for output of running tasks with what has ended', async () => {
    const stores = openMemoryStores({ maxBytes: 20_000 });
    const context = caller();
    const ended = await begin(stores, context);
    await ended.write(chunk('x'.repeat(10_000)), status('TASK_STATE_COMPLETED'));
    const writer = await begin(stores, context);
    await writer.write(chunk('x'.repeat(10_000)));
    expect(await stores.tasks.head(context, ended.run.taskId)).toBeUndefined();
  });

  describe('takes from the owner who holds most', () => {
    const ended = async (stores: OpenStores, context: CallContext, bytes: number): Promise<string> => {
      const writer = await begin(stores, context);
      await writer.write(chunk('x'.repeat(bytes)), status('TASK_STATE_COMPLETED'));
      return writer.run.taskId;
    };
    const left = async (stores: OpenStores, context: CallContext): Promise<string[]> =>
      (await stores.tasks.list(context, {})).tasks.map(({ id }) => id);

    it('its oldest ended tasks first, in whatever tenants', async () => {
      const stores = openMemoryStores({ maxBytes: 100_000 });
      const [hog, other] = [caller(), caller()];
      const theirs = await ended(stores, other, 10_000);
      const [first, second] = [
        { ...hog, tenant: 't1' },
        { ...hog, tenant: 't2' },
      ];
      const large = [];
      for (let n = 0; n < 28; n++) large.push(await ended(stores, n % 2 ? second : first, 10_000));
      expect(await left(stores, other)).toEqual([theirs]);
      const kept = [...(await left(stores, first)), ...(await left(stores, second))].sort();
      expect(kept).toEqual(large.slice(28 - kept.length).sort());
      expect(kept.length).toBeGreaterThan(3);
      // Others free capacity in the same way.
      const more = await ended(stores, other, 10_000);
      expect((await left(stores, other)).sort()).toEqual([theirs, more].sort());
    });

    it('the one with most tasks where it is these that are too many', async () => {
      const stores = openMemoryStores({ maxTasks: 6 });
      const [hog, other] = [caller(), caller()];
      const theirs = await ended(stores, other, 30_000);
      for (let n = 0; n < 20; n++) await ended(stores, hog, 10);
      expect(await left(stores, other)).toEqual([theirs]);
      expect(await left(stores, hog)).toHaveLength(5);
    });

    it('and not from those who hold less than one whose tasks are under way', async () => {
      const stores = openMemoryStores({ maxBytes: 100_000 });
      const [hog, other, small] = [caller(), caller(), caller()];
      const theirs = await ended(stores, other, 20_000);
      const writers = [await begin(stores, hog), await begin(stores, hog), await begin(stores, hog)];
      for (const writer of writers) await writer.write(chunk('x'.repeat(20_000)));
      expect(await writers[0]?.append(chunk('x'.repeat(20_000)))).toMatchObject({
        ok: false,
        cause: { reason: 'RESOURCE_EXHAUSTED' },
      });
      const big = newTask({ metadata: { big: 'x'.repeat(20_000) } });
      await expect(stores.tasks.create(hog, big)).rejects.toMatchObject(full);
      expect(await left(stores, other)).toEqual([theirs]);
      // An owner who holds little gets capacity where some can be freed.
      expect(await stores.tasks.create(small, newTask({ metadata: { big: 'x'.repeat(20_000) } }))).toMatchObject({
        created: true,
      });
      expect(await left(stores, other)).toEqual([]);
    });
  });

  it('forgets the messages of expired tasks when nothing else is left to make room', async () => {
    const stores = openMemoryStores({ maxBytes: 20_000 });
    const context = caller();
    const ended = await begin(stores, context, { messageId: 'old' });
    await ended.write(status('TASK_STATE_COMPLETED'));
    expect(await stores.tasks.deleteEnded({ agent: 'lab', state: 'TASK_STATE_COMPLETED', forMs: 0 }, 1)).toBe(1);
    const writer = await begin(stores, context);
    await writer.write(chunk('x'.repeat(10_000)));
    expect(await stores.tasks.byMessageId(context, 'old')).toBeDefined();
    let written = 0;
    while ((await writer.append(chunk('x'.repeat(50)))).ok) written++;
    expect(written).toBeGreaterThan(10);
    expect(await stores.tasks.byMessageId(context, 'old')).toBeUndefined();
  });
});

describe('the books of the memory stores', () => {
  it('are empty when all tasks are gone, whatever happened to them', async () => {
    const actions = [
      'chunk',
      'status',
      'end',
      'put',
      'withdraw',
      'consume',
      'config',
      'config 2',
      'unconfig',
      'disable',
      'take',
      'trim',
      'expire',
      'cancel',
      'release',
    ];
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.constantFrom(...actions), fc.nat(2)), { maxLength: 60 }), async (steps) => {
        const stores = openMemoryStores();
        const context = caller();
        const { tables } = stores;
        const writers = [await begin(stores, context), await begin(stores, context), await begin(stores, context)];
        const ids = new Map<Writer, string>();
        for (const [action, index] of steps) {
          const writer = writers[index] as Writer;
          const { run } = writer;
          const { taskId } = run;
          if (action === 'chunk') await writer.append(chunk('text', 'a', false));
          if (action === 'status') await writer.append(status('TASK_STATE_WORKING'));
          if (action === 'end') await writer.append(status('TASK_STATE_COMPLETED'));
          if (action === 'config') await stores.pushConfigs.put(context, taskId, pushConfig('c'), 2);
          if (action === 'config 2') await stores.pushConfigs.put(context, taskId, pushConfig('d'), 2);
          if (action === 'unconfig') await stores.pushConfigs.delete(context, taskId, 'c');
          if (action === 'disable') await stores.pushConfigs.disable(taskId, 'c', 'gone');
          if (action === 'trim') await stores.tasks.trim(taskId, 3);
          if (action === 'expire')
            await stores.tasks.deleteEnded({ agent: 'lab', state: 'TASK_STATE_COMPLETED', forMs: 0 }, 1);
          if (action === 'cancel') await stores.runs.requestCancel(context, taskId);
          if (action === 'release') await stores.runs.release(run);
          if (action === 'withdraw') await stores.inbox.withdraw(context, taskId, ids.get(writer) ?? '');
          if (action === 'put') {
            const put = await stores.inbox.put(context, taskId, incoming('x'), 'd', 3);
            if (put.result === 'queued') ids.set(writer, put.id);
          }
          if (action === 'consume') {
            const entry = await stores.inbox.peek(run);
            const events = [status('TASK_STATE_WORKING')];
            const consumed = await stores.tasks.append({
              run,
              firstSeq: writer.lastSeq + 1,
              events,
              ...(entry && { consumes: entry.id }),
            });
            if (consumed.ok) writer.lastSeq++;
          }
          if (action === 'take') {
            const [first, second, third] = await stores.outbox.take(3, 0);
            if (first) await stores.outbox.complete([first.id]);
            if (second) await stores.outbox.deadLetter(second.id, 'dead');
            if (third) await stores.outbox.retry(third, 0);
          }
          expect(tables.held).toBeGreaterThan(0);
        }
        for (const { run } of writers) await stores.tasks.delete(context, run.taskId);
        await stores.tasks.forgetMessages(-1, 1000);
        const { held, running, waiting, ended, owing, entries, orphans } = tables;
        expect([held, running.size, waiting.size, ended.size, owing.size, entries.size, orphans.size]).toEqual([
          0, 0, 0, 0, 0, 0, 0,
        ]);
        expect([...tables.rowsOf(context)]).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it('hold what the rows say, after all of it', async () => {
    const stores = openMemoryStores();
    const context = caller();
    const writer = await begin(stores, context);
    await stores.pushConfigs.put(context, writer.run.taskId, pushConfig('c'), 2);
    const before = stores.tables.held;
    await writer.write(chunk('text', 'a', false), status('TASK_STATE_WORKING'));
    const grown = stores.tables.held;
    for (const { id } of [...(await stores.outbox.take(1, 0)), ...(await stores.outbox.take(1, 0))])
      await stores.outbox.complete([id]);
    expect(grown).toBeGreaterThan(stores.tables.held);
    expect(stores.tables.held).toBeGreaterThan(before);
    expect(stores.tables.find(writer.run.taskId)?.held).toBe(stores.tables.held);
  });
});
