import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv4 } from 'node:net';
import { dnsResolver, systemResolver } from './resolvers.js';

const TYPES: Record<number, 'A' | 'AAAA'> = { 1: 'A', 28: 'AAAA' };

/** A name server on loopback that knows the given names; of all others it says that they do not exist. */
class NameServer {
  private constructor(
    private readonly socket: Socket,
    readonly address: string,
  ) {}

  static async start(names: Record<string, string[]>): Promise<NameServer> {
    const socket = createSocket('udp4');
    socket.on('message', (query, from) => {
      const reply = answer(query, names);
      if (reply) socket.send(reply, from.port, from.address);
    });
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new NameServer(socket, `127.0.0.1:${socket.address().port}`);
  }

  stop(): void {
    this.socket.close();
  }
}

/** RFC 1035. A name that begins with `silent` has no answer. */
function answer(query: Buffer, names: Record<string, string[]>): Buffer | undefined {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  const type = TYPES[query.readUInt16BE(at + 1)];
  const question = query.subarray(12, at + 5);
  const name = labels.join('.');
  if (name.startsWith('silent')) return undefined;
  const found = (names[name] ?? []).filter((address) => (isIPv4(address) ? 'A' : 'AAAA') === type);
  const header = Buffer.alloc(12);
  query.copy(header, 0, 0, 2);
  header.writeUInt16BE(names[name] ? 0x8180 : 0x8183, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(found.length, 6);
  return Buffer.concat([header, question, ...found.map(record)]);
}

function record(address: string): Buffer {
  const data = isIPv4(address)
    ? Buffer.from(address.split('.').map(Number))
    : Buffer.from(
        address
          .split(':')
          .map((group) => group.padStart(4, '0'))
          .join(''),
        'hex',
      );
  const head = Buffer.from([0xc0, 12, 0, isIPv4(address) ? 1 : 28, 0, 1, 0, 0, 0, 60, 0, data.length]);
  return Buffer.concat([head, data]);
}

describe('names', () => {
  let server: NameServer;
  beforeAll(async () => {
    server = await NameServer.start({
      'both.example': ['93.184.216.34', '2606:2800:21f:cb07:6820:80da:af6b:8b2c'],
      'six.example': ['2606:2800:21f:cb07:6820:80da:af6b:8b2c'],
      'none.example': [],
    });
  });
  afterAll(() => server.stop());

  it('have the addresses that the name servers know, of both families', async () => {
    const resolve = dnsResolver([server.address]);
    expect(await resolve('both.example')).toEqual([
      { address: '93.184.216.34', family: 4 },
      { address: '2606:2800:21f:cb07:6820:80da:af6b:8b2c', family: 6 },
    ]);
    expect(await resolve('six.example')).toMatchObject([{ family: 6 }]);
  });

  it('without an address are refused', async () => {
    const resolve = dnsResolver([server.address]);
    await expect(resolve('gone.example')).rejects.toMatchObject({ code: 'ENOTFOUND' });
    await expect(resolve('none.example')).rejects.toMatchObject({ code: 'ENODATA' });
  });

  it('whose server does not answer are given up in time', async () => {
    await expect(dnsResolver([server.address])('silent.example')).rejects.toMatchObject({ code: 'ETIMEOUT' });
  });

  it('of this machine are known to its resolver', async () => {
    const addresses = (await systemResolver('localhost')).map(({ address }) => address);
    expect(['127.0.0.1', '::1']).toEqual(expect.arrayContaining(addresses));
  });
});
