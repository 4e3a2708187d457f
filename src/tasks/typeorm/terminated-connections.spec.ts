import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { type AddressInfo, type Server, type Socket, createServer } from 'node:net';
import pg from 'pg';
import { FULL } from '../../../test/support/faults/figures.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { NotifyCarrier } from '../../events/bus/notify.carrier.js';
import { begin, caller, chunk, incoming, pause } from '../../testing/contracts/fixtures.js';
import { Database } from './database.js';
import { DatabaseClient } from './database-client.js';
import { type OpenTypeOrmStores, openTypeOrmStores } from './open-stores.js';
import { WriterConnection } from './writer-connection.js';

const message = (type: string, ...body: Buffer[]): Buffer => {
  const length = Buffer.alloc(4);
  length.writeInt32BE(4 + body.reduce((sum, part) => sum + part.length, 0));
  return Buffer.concat([Buffer.from(type), length, ...body]);
};
const AUTHENTICATED = message('R', Buffer.alloc(4));
const READY = message('Z', Buffer.from('I'));
const TERMINATED = message(
  'E',
  Buffer.from('SFATAL\0VFATAL\0C57P01\0Mterminating connection due to administrator command\0\0'),
);
const ROWLESS = Buffer.concat([message('1'), message('2'), message('n'), message('C', Buffer.from('SELECT 0\0'))]);

/** Ends each connection in the packet that makes it ready, or in that which answers its first statements. */
async function rudeServer(answered: number): Promise<Server> {
  const server = createServer((socket: Socket) => {
    let started = false;
    let left = answered;
    const ready = (...before: Buffer[]): void => {
      if (left-- > 0) socket.write(Buffer.concat([...before, READY]));
      else socket.end(Buffer.concat([...before, READY, TERMINATED]));
    };
    socket
      .on('error', () => undefined)
      .on('data', (data) => {
        if (!started) {
          started = true;
          return ready(AUTHENTICATED);
        }
        // Sync ends what the extended protocol sends, Q is the simple one.
        if (data.toString('latin1').endsWith('S\0\0\0\x04')) ready(ROWLESS);
        else if (data.toString('latin1').startsWith('Q')) ready(message('C', Buffer.from('BEGIN\0')));
      });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

describe.each([0, 1, 2])('a server that ends a connection in the packet of answer %i', (answered) => {
  let server: Server;
  let options: pg.PoolConfig;
  beforeEach(async () => {
    server = await rudeServer(answered);
    const { port } = server.address() as AddressInfo;
    options = { host: '127.0.0.1', port, user: 'u', database: 'd', connectionTimeoutMillis: 2_000 };
  });
  afterEach(() => void server.close());

  it.each([
    ['a pool of ours', { Client: DatabaseClient }],
    ['a pool that an application made', {}],
  ])('is heard by %s, whose work fails as UNAVAILABLE', async (_, extra) => {
    const pool = new pg.Pool({ ...options, ...extra });
    pool.on('error', () => undefined);
    const master = { options: { type: 'postgres' }, driver: { master: pool } };
    const db = Database.of(master as unknown as Parameters<typeof Database.of>[0]);
    const work = [db.transaction((query) => query('select 1')), db.query('select 1')];
    for (const end of await Promise.allSettled(work)) {
      if (end.status === 'rejected') expect(end.reason).toMatchObject({ reason: 'UNAVAILABLE' });
    }
    await pool.end();
  });

  it('is heard by a writer', async () => {
    const writer = new WriterConnection(options);
    for (let n = 0; n < 3; n++) await writer.query('x', 'select 1', []).catch(() => undefined);
    await writer.close();
  });

  it('is heard by the bus', async () => {
    const lost: unknown[] = [];
    const session = await new NotifyCarrier(options)
      .connect({ heard: () => undefined, lost: (reason) => lost.push(reason) }, 2_000)
      .catch(() => undefined);
    await session?.send(['x']).catch(() => undefined);
    session?.cut();
    await pause(20);
    expect(lost.length).toBeGreaterThan(0);
  });
});

const ROUNDS = FULL ? 500 : 60;
const TERMINATE = `
select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`;

describe(`backends that are terminated, in ${ROUNDS} rounds`, () => {
  let database: TestDatabase;
  let stores: OpenTypeOrmStores;
  let killer: pg.Client;
  beforeAll(async () => {
    database = await createTestDatabase();
    stores = await openTypeOrmStores(database.url, { dataSource: { poolErrorHandler: () => undefined } });
    killer = new pg.Client(database.url);
    await killer.connect();
  });
  afterAll(async () => {
    await killer.end();
    await stores.close();
    await database.drop();
  });

  it('while messages are put into inboxes and taken, leave the process alive and the storage usable', async () => {
    const context = caller();
    const writers = await Promise.all([0, 1, 2, 3].map(() => begin(stores, context)));
    let over = false;
    let done = 0;
    const calls = writers.flatMap((writer) =>
      [0, 1, 2, 3].map(async () => {
        while (!over) {
          const { taskId } = writer.run;
          const put = stores.inbox.put(context, taskId, incoming('x'), 'digest', 1_000_000);
          const released = stores.runs.release(writer.run);
          const ends = await Promise.allSettled([put, released, stores.tasks.head(context, taskId)]);
          for (const end of ends) {
            if (end.status === 'fulfilled') done++;
            else expect(end.reason).toMatchObject({ reason: 'UNAVAILABLE' });
          }
        }
      }),
    );
    let killed = 0;
    for (let round = 0; round < ROUNDS; round++) {
      killed += (await killer.query(TERMINATE)).rowCount ?? 0;
      await pause(Math.random() * 30);
    }
    over = true;
    await Promise.all(calls);
    expect(killed).toBeGreaterThan(ROUNDS);
    expect(done).toBeGreaterThan(0);
    await writers[0]?.write(chunk('still there'));
  }, 180_000);
});
