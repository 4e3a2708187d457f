import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { type AddressInfo, type Server, type Socket, createServer } from 'node:net';
import pg from 'pg';
import { NotifyCarrier } from '../../../events/bus/notify.carrier.js';
import { pause } from '../../../testing/contracts/fixtures.js';
import { sql } from '../core/sql.js';
import { PostgresDatabase } from './postgres.database.js';
import { DatabaseClient } from './database-client.js';
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

/** Ends each connection in the packet that makes it ready, or in the packet that answers its first statements. */
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
        // Sync ends a message of the extended protocol; Q is a simple query.
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
    const db = PostgresDatabase.of(master as unknown as Parameters<typeof PostgresDatabase.of>[0]);
    const work = [db.write((session) => session.query(sql`select 1`)), db.query(sql`select 1`)];
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
