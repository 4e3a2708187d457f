import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AdminDeliveryRow, AdminList, AdminOverview, AdminTaskRow } from '../src/admin/admin-api.types.js';
import { type A2aStorage, memoryStorage, TASK_STORE, type TaskStore } from '../src/index.js';
import { postgresStorage } from '../src/postgres.js';
import { redisStorage } from '../src/redis.js';
import { mariadbStorage, mysqlStorage } from '../src/sql.js';
import { AdminApp } from './support/admin-app.js';
import { hasRedisServer, RedisProcess } from './support/redis.process.js';
import { createTestDatabase } from './support/test-database.js';
import { createTestMysql } from './support/test-mysql.js';
import { ADAPTERS } from './support/test-app.js';
import { until } from '../src/testing/contracts/until.js';

interface Place {
  readonly storage: A2aStorage;
  remove?(): Promise<void>;
}

/** undefined: there is no such server here. */
const PLACES: Readonly<Record<string, () => Promise<Place | undefined>>> = {
  memory: async () => ({ storage: memoryStorage() }),
  Postgres: async () => {
    const { url, drop } = await createTestDatabase();
    return { storage: postgresStorage({ url }), remove: drop };
  },
  Redis: async () => {
    if (!hasRedisServer()) return undefined;
    const server = await RedisProcess.start();
    return { storage: redisStorage({ url: server.url }), remove: () => server.remove() };
  },
  'MySQL or MariaDB': async () => {
    const server = await createTestMysql();
    if (!server) return undefined;
    const storageOf = server.type === 'mysql' ? mysqlStorage : mariadbStorage;
    return { storage: storageOf({ url: server.url }), remove: server.drop };
  },
};

const found = await Promise.all(Object.entries(PLACES).map(async ([name, open]) => [name, await open()] as const));
const SETUPS = found.flatMap(([name, place], i) =>
  place ? [{ name, place, adapter: ADAPTERS[i % ADAPTERS.length]! }] : [],
);
afterAll(async () => {
  for (const { place } of SETUPS) await place.remove?.();
});

describe.each(SETUPS)('the admin API on $adapter with $name', ({ place, adapter }) => {
  const admin = new AdminApp(adapter);
  let small: string;
  let large: string;
  beforeAll(async () => {
    await admin.start({ maxStreams: 1 }, { on: place.storage, limits: { maxPageBytes: 1_024 } });
    small = (await admin.send('hello')).id;
    large = (await admin.send('x'.repeat(4_000))).id;
  });
  afterAll(() => admin.close());

  it('shows tasks, their events, replicas and figures', async () => {
    const { body } = await admin.call<AdminList<AdminTaskRow>>('tasks?owner=alice');
    expect(body.rows.map(({ id }) => id)).toEqual([large, small]);
    const events = await admin.call<AdminList<{ seq: number }>>(`tasks/${small}/events`);
    expect(events.body.rows.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
    expect((await admin.call<AdminOverview>('overview')).status).toBe(200);
    expect((await admin.call<AdminList<object>>('replicas')).body.rows).toHaveLength(1);
    expect((await admin.call<AdminList<AdminDeliveryRow>>('deliveries')).body.rows).toEqual([]);
  });

  it('answers 413 for the document of a task that is larger than a page', async () => {
    expect((await admin.call(`tasks/${small}/document`)).status).toBe(200);
    const { status, body } = await admin.call(`tasks/${large}/document`);
    expect([status, body.error.message]).toEqual([
      413,
      expect.stringMatching(/more than 1024: read its events instead/),
    ]);
  });

  it('answers 429 for more event streams than may be open, and takes the next one when one is closed', async () => {
    const open = await admin.open('changes');
    expect(open.status).toBe(200);
    const refused = await admin.call('changes');
    expect([refused.status, refused.body.error.code, refused.headers.get('retry-after')]).toEqual([
      ...[429, 'RESOURCE_EXHAUSTED', '5'],
    ]);
    open.close();
    await until(async () => {
      const next = await admin.open('changes');
      next.close();
      return next.status === 200;
    });
  });

  it('answers 410 for events that are no longer in the log', async () => {
    await admin.part<TaskStore>(TASK_STORE).trim(small, 3);
    const gone = [`events`, `events?after=2`, `events/3`, `events/stream?after=1`, `document?asOf=2`];
    for (const path of gone) expect([path, (await admin.call(`tasks/${small}/${path}`)).status]).toEqual([path, 410]);
    const { body } = await admin.call<AdminList<{ seq: number }>>(`tasks/${small}/events?after=3`);
    expect(body.rows.map(({ seq }) => seq)).toEqual([4]);
    expect((await admin.call(`tasks/${small}/document`)).status).toBe(200);
  });
});
