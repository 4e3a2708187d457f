import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { type LossyProxy, openLossyProxy } from '../../../test/support/lossy-proxy.js';
import { RedisProcess, hasRedisServer, withoutRedisServer } from '../../../test/support/redis.process.js';
import { tryOften } from '../../../test/support/try-often.js';
import { untilAvailable } from '../../../test/support/until-available.js';
import { whileBreaking } from '../../../test/support/while-breaking.js';
import { begin, caller, chunk, newTask, pause, status, Writer } from '../../testing/contracts/fixtures.js';
import type { CommittedEvent } from '../committed-event.js';
import { type OpenRedisStores, openRedisStores } from './open-stores.js';
import type { RedisStoresOptions } from './redis-stores.options.js';

const unavailable = { reason: 'UNAVAILABLE' };

function lostConnections(): void {
  let server: RedisProcess;
  let stores: OpenRedisStores;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    server = await RedisProcess.start();
    stores = await openRedisStores(server.url);
  });
  afterAll(async () => {
    await stores.close();
    await server.remove();
  });

  async function readLog(taskId: string, context = caller()): Promise<CommittedEvent[]> {
    const log: CommittedEvent[] = [];
    for (;;) {
      const page = await stores.tasks.eventsAfter(context, taskId, log.length);
      if (!page?.events.length) return log;
      log.push(...page.events);
    }
  }

  async function throughLossyProxy<T>(
    work: (lossy: OpenRedisStores, proxy: LossyProxy) => Promise<T>,
    options: RedisStoresOptions = {},
  ): Promise<T> {
    const proxy = await openLossyProxy(server.url);
    const lossy = await tryOften(() => openRedisStores(proxy.url, options));
    try {
      return await work(lossy, proxy);
    } finally {
      await lossy.close();
      await proxy.close();
    }
  }

  const seqs = (log: CommittedEvent[]): number[] => log.map(({ seq }) => seq);
  const upTo = (n: number): number[] => Array.from({ length: n }, (_, index) => index + 1);

  it('neither lose, repeat nor skip an event that was acknowledged while connections break', async () => {
    const context = caller();
    const runs = await throughLossyProxy(async (lossy, proxy) => {
      const writers = await Promise.all([0, 1, 2, 3].map(() => begin(lossy, context)));
      let cuts = 0;
      const breakIt = (): void => (cuts++ % 2 === 0 ? proxy.cut() : proxy.loseNextAnswers());
      await whileBreaking(breakIt, 60, (progress) =>
        Promise.all(
          writers.map(async (writer) => {
            for (let n = 0; n < 500; n += 5) {
              await writer.write(...[0, 1, 2, 3, 4].map((m) => chunk(`${n + m}`)));
              progress();
            }
            await writer.write(status('TASK_STATE_COMPLETED'));
          }),
        ),
      );
      expect(cuts).toBeGreaterThan(1);
      return writers.map(({ run }) => run);
    });
    for (const { taskId } of runs) {
      const log = await readLog(taskId, context);
      expect(seqs(log)).toEqual(upTo(502));
      expect(log.slice(1, -1).map(({ data }) => data)).toEqual(
        Array.from({ length: 500 }, (_, n) => chunk(`${n}`).data),
      );
    }
  }, 120_000);

  it('know by the log what was written although its answer was lost', async () => {
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
    expect(seqs(await readLog(run.taskId, context))).toEqual(upTo(20));
    expect((await stores.tasks.list(context, {})).totalSize).toBe(2);
  });

  it('do not take another run’s event for one whose answer was lost', async () => {
    const context = caller();
    await throughLossyProxy(async (lossy, proxy) => {
      const writer = await begin(lossy, context);
      proxy.refusing = true;
      proxy.cut();
      const late = writer.append(chunk('same'));
      const seized = await stores.runs.forceClaim(context, writer.run.taskId, 'heir');
      if (!seized) throw new Error('not seized');
      await new Writer(stores.tasks, seized.run, 1).write(chunk('same'));
      proxy.refusing = false;
      expect(await late).toMatchObject({ ok: false, reason: 'fenced' });
    });
  });

  it('give up a server that says nothing, and write over a new connection', async () => {
    const context = caller();
    await throughLossyProxy(
      async (lossy, proxy) => {
        const writer = await untilAvailable(() => begin(lossy, context));
        proxy.fallSilent();
        const written = writer.append(chunk('a'));
        await expect(lossy.tasks.head(context, writer.run.taskId)).rejects.toMatchObject(unavailable);
        await expect(lossy.runs.renewReplica('r', 1000)).rejects.toMatchObject(unavailable);
        proxy.speak();
        expect(await written).toMatchObject({ ok: true });
        const head = await untilAvailable(() => lossy.tasks.head(context, writer.run.taskId));
        expect(head).toMatchObject({ lastSeq: 2 });
      },
      { commandTimeoutMs: 500 },
    );
  });

  it('fail with UNAVAILABLE when it takes too long', async () => {
    const context = caller();
    await throughLossyProxy(
      async (lossy, proxy) => {
        const writer = await untilAvailable(() => begin(lossy, context));
        proxy.refusing = true;
        proxy.cut();
        await expect(writer.append(chunk('a'))).rejects.toMatchObject(unavailable);
        await expect(lossy.tasks.create(context, newTask())).rejects.toMatchObject(unavailable);
      },
      { retryForMs: 300, commandTimeoutMs: 300 },
    );
  });

  it('have all that was acknowledged after the server was killed in the midst of it', async () => {
    const context = caller();
    const writers = await Promise.all([0, 1, 2, 3].map(() => begin(stores, context)));
    for (let kills = 0; kills < 3; kills++) {
      const acknowledged = await Promise.all([
        ...writers.map(async (writer) => {
          for (let n = 0; n < 60; n++) await writer.write(chunk('x'.repeat(200)));
          return [writer.run.taskId, writer.lastSeq] as const;
        }),
        pause(20 + Math.random() * 60)
          .then(() => server.kill())
          .then(() => server.restart())
          .then(() => undefined),
      ]);
      for (const [taskId, lastSeq] of acknowledged.filter((one) => one !== undefined)) {
        expect(seqs(await readLog(taskId, context))).toEqual(upTo(lastSeq));
      }
    }
    for (const writer of writers) await writer.write(status('TASK_STATE_COMPLETED'));
    await server.kill();
    await server.restart();
    const { tasks } = await stores.tasks.list(context, { status: 'TASK_STATE_COMPLETED' });
    expect(tasks.map(({ id }) => id).sort()).toEqual(writers.map(({ run }) => run.taskId).sort());
  }, 120_000);

  it('write nothing of what a full server refuses, and go on when there is room', async () => {
    const full = await RedisProcess.start(['--appendonly', 'yes', '--maxmemory', '8mb']);
    const few = await openRedisStores(full.url, { retryForMs: 200 });
    try {
      const context = caller();
      const [large, small] = [await begin(few, context), await begin(few, context)];
      const refused = await (async () => {
        for (;;) await large.write(chunk('x'.repeat(100_000)), chunk('y'.repeat(100_000)));
      })().catch((error: unknown) => error);
      expect(refused).toMatchObject(unavailable);
      expect(await few.tasks.head(context, large.run.taskId)).toMatchObject({ lastSeq: large.lastSeq });
      expect(await few.tasks.delete(context, large.run.taskId)).toBe(true);
      expect(await small.append(status('TASK_STATE_COMPLETED'))).toMatchObject({ ok: true });
    } finally {
      await few.close();
      await full.remove();
    }
  });
}

if (hasRedisServer()) describe('stores on Redis', lostConnections);
else it('is not tested without a redis-server', () => withoutRedisServer('lost connections to Redis'));
