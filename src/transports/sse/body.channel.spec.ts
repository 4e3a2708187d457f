import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { BodyChannel } from './body.channel.js';

describe('BodyChannel', () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });

  /** All that a client reads of one or two answers. */
  const read = async (request: string, handler: (response: ServerResponse) => unknown): Promise<string> => {
    server = createServer((incoming, response) => void incoming.resume().on('end', () => void handler(response)));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.write(request);
    let text = '';
    for await (const piece of socket) text += String(piece);
    return text.slice(text.indexOf('\r\n\r\n') + 4);
  };
  const GET = (version = '1.1', connection = 'close'): string =>
    `GET / HTTP/${version}\r\nHost: a\r\nConnection: ${connection}\r\n\r\n`;

  const write = (channel: BodyChannel, text: string): Promise<void> =>
    new Promise((resolve) => channel.write(Buffer.from(text), resolve));
  const writeChunk = (channel: BodyChannel, text: string): Promise<void> =>
    new Promise((resolve) => channel.writeChunk(Buffer.from(`${text.length.toString(16)}\r\n${text}\r\n`), resolve));
  const never = (): void => undefined;

  it('puts chunks between what the response writes, and leaves the connection as it should be', async () => {
    let requests = 0;
    const body = await read(GET('1.1', 'keep-alive') + GET(), async (response) => {
      if (++requests === 2) return response.end('again');
      const channel = new BodyChannel(response, never);
      expect(channel.takesChunks).toBe(false);
      await write(channel, 'one');
      expect(channel.takesChunks).toBe(true);
      await writeChunk(channel, 'two');
      await write(channel, 'three');
      await writeChunk(channel, 'four');
      channel.end();
    });
    expect(body).toMatch(/^3\r\none\r\n3\r\ntwo\r\n5\r\nthree\r\n4\r\nfour\r\n0\r\n\r\nHTTP\/1\.1 200 [\s\S]*again$/);
  });

  it('takes no chunks where the body is not sent in chunks', async () => {
    const body = await read(GET('1.0'), async (response) => {
      const channel = new BodyChannel(response, never);
      await write(channel, 'one');
      expect(channel.takesChunks).toBe(false);
      channel.end();
    });
    expect(body).toBe('one');
  });

  it('takes no chunks past a middleware that looks at what is written', async () => {
    await read(GET(), async (response) => {
      const own = response.write.bind(response) as (bytes: Buffer, taken: () => void) => boolean;
      response.write = ((bytes: Buffer, taken: () => void) => own(bytes, taken)) as ServerResponse['write'];
      const channel = new BodyChannel(response, never);
      await write(channel, 'one');
      expect(channel.takesChunks).toBe(false);
      channel.end();
    });
  });

  it('says at once that somebody else has ended the answer', async () => {
    let told = 0;
    const body = await read(GET(), async (response) => {
      const channel = new BodyChannel(response, () => told++);
      await write(channel, 'one');
      response.end();
      expect([channel.gone, told]).toEqual([true, 1]);
      channel.end();
      expect(new BodyChannel(response, never).gone).toBe(true);
    });
    expect([body, told]).toEqual(['3\r\none\r\n0\r\n\r\n', 1]);
  });

  it('says when the client has left, and does not fail on what is written after', async () => {
    const left = new Promise<void>((resolve) => {
      void read(GET(), async (response) => {
        const channel = new BodyChannel(response, resolve);
        await write(channel, 'one');
        expect(channel.takesChunks).toBe(true);
        response.socket?.destroy();
        await writeChunk(channel, 'two');
        await write(channel, 'three');
      }).catch(() => undefined);
    });
    await left;
  });
});
