import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.js';
import { OwnPostgres } from '../../test/support/faults/own-postgres.js';
import * as tls from '../../test/support/tls/index.js';
import type { RelayedEventBus } from '../events/bus/relayed.event-bus.js';
import { acquainted } from '../testing/contracts/event-bus/bus-cluster.js';
import { begin, caller, status } from '../testing/contracts/fixtures.js';
import type { OpenStorage } from './a2a-storage.interface.js';
import { migratePostgres, postgresStorage, type PostgresStorageOptions } from './postgres.storage.js';

const open = (options: PostgresStorageOptions): Promise<OpenStorage> =>
  postgresStorage(options).open({ logger: new Logger('Storage') });

async function withStorage<T>(options: PostgresStorageOptions, use: (storage: OpenStorage) => Promise<T>): Promise<T> {
  const storage = await open(options);
  try {
    return await use(storage);
  } finally {
    await storage.flush?.();
    await storage.close();
  }
}

/** Writes and reads over each kind of connection that the storage has. */
async function expectItWorks(storage: OpenStorage): Promise<void> {
  const context = caller();
  await storage.ping?.();
  await storage.runs.registerReplica('replica-1', 60_000);
  expect(await storage.runs.renewReplica('replica-1', 60_000)).toBe(true);
  const writer = await begin(storage as never, context);
  await writer.write(status('TASK_STATE_COMPLETED'));
  expect(await storage.tasks.head(context, writer.run.taskId)).toMatchObject({ lastSeq: 2 });
  const buses = [await storage.bus?.open(), await storage.bus?.open()] as RelayedEventBus[];
  for (const bus of buses) bus.open();
  await acquainted(buses);
  for (const bus of buses) await bus.close();
}

async function asked(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query({ text: sql, rowMode: 'array' })).rows.flat();
  } finally {
    await client.end();
  }
}

const TABLES = `select distinct schemaname from pg_tables where tablename like 'a2a\\_%'`;

describe('postgresStorage', () => {
  let database: TestDatabase;
  let url: string;
  beforeAll(async () => {
    database = await createTestDatabase();
    url = database.url;
  });
  afterAll(() => database.drop());

  it('checks the schema without changing it, and refuses one that is not up to date', async () => {
    await expect(open({ url, migrations: 'check' })).rejects.toThrow(
      /Pending migrations: InitialSchema.*nest-a2a migrations run/,
    );
    expect(await asked(url, TABLES)).toEqual([]);
    const done = await migratePostgres({ url });
    expect(done[0]).toBe('InitialSchema1764500000000');
    expect(await migratePostgres({ url })).toEqual([]);
    await withStorage({ url, migrations: 'check' }, expectItWorks);
    await asked(url, `update a2a_migrations set name = 'other' where name = '${done.at(-1)}'`);
    await expect(open({ url, migrations: 'check' })).rejects.toThrow(`Pending migrations: ${done.at(-1)}.`);
    await withStorage({ url, migrations: 'off' }, expectItWorks);
    await asked(url, `update a2a_migrations set name = '${done.at(-1)}' where name = 'other'`);
  });

  it('keeps its tables in the schema that is named, beside others', async () => {
    const schema = 'Agents-1';
    await withStorage({ url, schema }, expectItWorks);
    expect((await asked(url, TABLES)).sort()).toEqual([schema, 'public']);
    const count = await asked(url, `select count(*)::int from "${schema}".a2a_task`);
    expect(count).toEqual([1]);
    await withStorage({ url, schema, migrations: 'check' }, expectItWorks);
    await expect(open({ url, schema: 'empty', migrations: 'check' })).rejects.toThrow(/Pending/);
  });

  it('asks for the password of each connection', async () => {
    const secret = new URL(url);
    const password = secret.password;
    secret.password = 'of another day';
    let calls = 0;
    const rotating = async (): Promise<string> => {
      calls += 1;
      return password;
    };
    await withStorage({ url: secret.href, password: rotating, migrations: 'run' }, expectItWorks);
    // The lock of the migrations, the pool, a writer, the lease.
    expect(calls).toBeGreaterThanOrEqual(4);
    await expect(
      open({ url: secret.href, password: async () => Promise.reject(new Error('no vault')) }),
    ).rejects.toThrow('no vault');
  });

  it('holds no more connections in its pool than it may', async () => {
    await withStorage({ url, poolSize: 3 }, async (storage) => {
      const { options } = (storage.dataSource as { driver: { master: pg.Pool } }).driver.master;
      expect(options.max).toBe(3);
    });
  });

  it('stands on a DataSource of the application, runs none of its migrations, and leaves it open', async () => {
    const { hostname: host, port, username, password, pathname } = new URL(url);
    class OfTheApplication {
      readonly name = 'OfTheApplication1';
      up = (): Promise<void> => Promise.reject(new Error('not yours to run'));
      down = async (): Promise<void> => undefined;
    }
    const dataSource = new DataSource({
      ...{ type: 'postgres', host, port: Number(port), username, password: decodeURIComponent(password) },
      ...{ database: pathname.slice(1), migrations: [OfTheApplication], extra: { options: '-c search_path=ours' } },
    });
    await dataSource.initialize();
    try {
      await dataSource.query('create schema if not exists ours');
      await withStorage({ dataSource }, async (storage) => {
        expect(storage.dataSource).toBe(dataSource);
        await expectItWorks(storage);
      });
      expect(dataSource.isInitialized).toBe(true);
      expect(await dataSource.query('select count(*)::int as n from ours.a2a_task')).toEqual([{ n: 1 }]);
      await withStorage({ dataSource, migrations: 'check' }, expectItWorks);
    } finally {
      await dataSource.destroy();
    }
  });
});

it('postgresStorage encrypts its connections, and trusts whom it is told to trust', async () => {
  const server = await OwnPostgres.start();
  try {
    const put = (file: string, text: Buffer): Promise<unknown> =>
      asked(
        server.url,
        `copy (select string_to_table('${text.toString().trim()}', E'\\n')) to program 'umask 077; cat > ${file}'`,
      );
    await put('server.crt', tls.SERVER.cert);
    await put('server.key', tls.SERVER.key);
    await asked(server.url, `alter system set ssl = on`);
    await asked(server.url, 'select pg_reload_conf()');
    const url = server.url;
    await withStorage({ url, ssl: { ca: tls.CA } }, async (storage) => {
      await expectItWorks(storage);
      const plain = await asked(
        url,
        `select count(*)::int from pg_stat_ssl join pg_stat_activity using (pid) where application_name = 'nest-a2a' and not ssl`,
      );
      expect(plain).toEqual([0]);
    });
    await expect(open({ url, ssl: true })).rejects.toThrow(/certificate/);
  } finally {
    await server.drop();
  }
});
