import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { freePort } from '../../../test/support/free-port.js';
import { neededServers } from './server-address.js';
import { untilReachable } from './until-reachable.js';

describe('untilReachable', () => {
  let server: Server | undefined;
  afterEach(() => void server?.close());
  const listen = async (port = 0): Promise<number> => {
    server = createServer((socket) => socket.destroy()).listen(port, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  const said: unknown[] = [];
  const log = { warn: (message: unknown) => void said.push(message) };
  const at = (port: number) => ({ variable: 'DATABASE_URL', host: '127.0.0.1', port }) as const;

  it('says nothing of a server that is there', async () => {
    await untilReachable(at(await listen()), 0, log);
    expect(said).toEqual([]);
  });

  it('waits for a server that starts meanwhile', async () => {
    const port = await freePort();
    const reached = untilReachable(at(port), 30_000, log);
    setTimeout(() => void listen(port), 300);
    await reached;
    expect(said).toEqual([expect.stringContaining(`127.0.0.1:${port} (ECONNREFUSED)`)]);
  });

  it('gives up with the way out', async () => {
    await expect(untilReachable(at(await freePort()), 0, log)).rejects.toThrow(
      /^Nothing answers at 127\.0\.0\.1:\d+, which DATABASE_URL names \(ECONNREFUSED, 1 try\)\. Start the server.*A2A_STORAGE_WAIT_MS/,
    );
  });
});

describe('neededServers', () => {
  it.each([
    ['postgres', 'postgres://u:p@db/a2a', 'db', 5432],
    ['postgres', 'postgres://u:p@db:5433/a2a', 'db', 5433],
    ['postgres', 'mariadb://u:p@[::1]/a2a', '::1', 3306],
    ['redis', 'rediss://cache', 'cache', 6379],
  ] as const)('of STORE=%s with %s are %s:%s', (STORE, url, host, port) => {
    const variable = STORE === 'redis' ? 'REDIS_URL' : 'DATABASE_URL';
    expect(neededServers({ STORE, [variable]: url })).toEqual([{ variable, host, port }]);
  });

  it.each(['sqlite:tasks.db', 'postgres:///a2a?host=/var/run/postgresql', 'postgres://a,b/a2a'])(
    'leaves %s to the driver',
    (url) => expect(neededServers({ STORE: 'postgres', DATABASE_URL: url })).toEqual([]),
  );
});
