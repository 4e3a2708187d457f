import { afterEach, describe, expect, it } from '@jest/globals';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer, type Socket } from 'node:net';
import { OutboundError } from './outbound.error.js';
import { OutboundHttp } from './outbound-http.js';
import type { OutboundOptions, OutboundRequest, ResolveHost } from './outbound.options.js';

const open: (Server | TcpServer)[] = [];
const sockets = new Set<Socket>();

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await Promise.all(open.splice(0).map((server) => new Promise((done) => server.close(done))));
});

async function listening(server: Server | TcpServer): Promise<number> {
  open.push(server);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return (server.address() as AddressInfo).port;
}

/** What was asked of a receiver that answers as `answer` says. */
async function receiver(answer: RequestListener): Promise<{ port: number; asked: string[] }> {
  const asked: string[] = [];
  const port = await listening(
    createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      answer(request, response);
    }),
  );
  return { port, asked };
}

const loopback = (options: OutboundOptions = {}): OutboundHttp =>
  new OutboundHttp({ allow: ['127.0.0.1'], ...options });
const resolvingTo =
  (...answers: string[][]): ResolveHost =>
  async () =>
    (answers.shift() ?? []).map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));

async function failureOf(http: OutboundHttp, request: OutboundRequest): Promise<OutboundError> {
  const outcome = await http.request(request).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(outcome instanceof OutboundError))
    throw new Error('There was an answer, or another error.', { cause: outcome });
  return outcome;
}

describe('outbound http', () => {
  it('sends what it is given and returns what comes back', async () => {
    const seen: unknown[] = [];
    const { port } = await receiver((request, response) => {
      const { authorization, host, 'content-length': length } = request.headers;
      request.on('data', (chunk: Buffer) => seen.push(chunk.toString()));
      request.on('end', () => {
        seen.push(request.method, request.url, authorization, host, length);
        response.writeHead(202, { 'X-Reply': 'yes' }).end('thanks');
      });
    });
    const url = `http://127.0.0.1:${port}/hook?a=1`;
    const answer = await loopback().request({
      method: 'POST',
      url,
      headers: { Authorization: 'Bearer t' },
      body: '{"é":1}',
    });
    expect(seen).toEqual(['{"é":1}', 'POST', '/hook?a=1', 'Bearer t', `127.0.0.1:${port}`, '8']);
    expect({ ...answer, body: answer.body.toString() }).toMatchObject({
      status: 202,
      headers: { 'x-reply': 'yes' },
      body: 'thanks',
    });
  });

  it('takes a redirect for an answer and does not follow it', async () => {
    const inner = await receiver((_, response) => void response.end('secret'));
    const outer = await receiver(
      (_, response) => void response.writeHead(307, { Location: `http://127.0.0.1:${inner.port}/` }).end(),
    );
    expect(await loopback().request({ url: `http://127.0.0.1:${outer.port}/` })).toMatchObject({ status: 307 });
    expect(inner.asked).toEqual([]);
  });

  it('refuses private addresses in the url before it connects', async () => {
    const { port, asked } = await receiver((_, response) => void response.end());
    for (const host of ['127.0.0.1', '2130706433', '[::ffff:127.0.0.1]', 'localhost']) {
      expect(await failureOf(new OutboundHttp(), { url: `http://${host}:${port}/` })).toMatchObject({
        code: 'address',
      });
    }
    expect(asked).toEqual([]);
  });

  it('G10, G14: refuses a name that leads to a private address', async () => {
    const { port, asked } = await receiver((_, response) => void response.end());
    for (const address of ['127.0.0.1', '::1', '::ffff:127.0.0.1', '10.0.0.1', '169.254.169.254']) {
      const http = new OutboundHttp({ resolve: resolvingTo([address]) });
      expect(await failureOf(http, { url: `http://evil.example:${port}/` })).toMatchObject({ code: 'address' });
    }
    expect(asked).toEqual([]);
  });

  it('checks a name at each connection anew: first public, then private', async () => {
    const { port, asked } = await receiver((_, response) => void response.end());
    // 127.0.0.1 stands for a public address here. A connection to 127.0.0.2 would fail with code connect.
    const http = loopback({ resolve: resolvingTo(['127.0.0.1'], ['127.0.0.2']) });
    const url = `http://rebinding.example:${port}/`;
    expect(await http.request({ url })).toMatchObject({ status: 200 });
    expect(await failureOf(http, { url })).toMatchObject({ code: 'address' });
    expect(asked).toEqual(['GET /']);
  });

  it('asks for the addresses once per connection and connects to those alone', async () => {
    const { port, asked } = await receiver((_, response) => void response.end());
    let lookups = 0;
    const resolve: ResolveHost = async () => [{ address: lookups++ === 0 ? '127.0.0.1' : '127.0.0.2', family: 4 }];
    await loopback({ resolve }).request({ url: `http://once.example:${port}/` });
    expect([lookups, asked]).toEqual([1, ['GET /']]);
  });

  it('leaves out the private ones among the addresses of a name', async () => {
    const { port } = await receiver((request, response) => void response.end(request.socket.localAddress));
    const http = loopback({ resolve: resolvingTo(['127.0.0.2', '::1', '127.0.0.1']) });
    expect((await http.request({ url: `http://mixed.example:${port}/` })).body.toString()).toBe('127.0.0.1');
  });

  it('lets an allowed name have any address', async () => {
    const { port } = await receiver((_, response) => void response.end('in'));
    const http = new OutboundHttp({ allow: ['hooks.internal'], resolve: resolvingTo(['127.0.0.1']) });
    expect((await http.request({ url: `http://hooks.internal:${port}/` })).body.toString()).toBe('in');
  });

  it('uses the resolver of the system', async () => {
    const { port } = await receiver((_, response) => void response.end('here'));
    expect((await loopback().request({ url: `http://localhost:${port}/` })).body.toString()).toBe('here');
  });

  it('says when a name has no address', async () => {
    const gone: ResolveHost = () => Promise.reject(Object.assign(new Error('x'), { code: 'ENOTFOUND' }));
    for (const resolve of [gone, resolvingTo([])]) {
      const failure = await failureOf(loopback({ resolve }), { url: 'http://gone.example/?key=secret' });
      expect(failure).toMatchObject({ code: 'resolve', detail: 'ENOTFOUND' });
      expect(failure.message).toContain('gone.example');
      expect(failure.message).not.toContain('secret');
    }
  });

  it('limits the time to the whole answer', async () => {
    const silent = await receiver(() => undefined);
    const endless = await receiver((_, response) => void response.write('a'));
    for (const { port } of [silent, endless]) {
      const failure = await failureOf(loopback(), { url: `http://127.0.0.1:${port}/`, timeoutMs: 200 });
      expect(failure).toMatchObject({ code: 'timeout', message: 'No answer within 200 ms.' });
    }
    const stuck = loopback({ resolve: () => new Promise(() => undefined) });
    expect(await failureOf(stuck, { url: 'http://stuck.example/', timeoutMs: 50 })).toMatchObject({ code: 'timeout' });
  });

  it('ends with the signal of its caller, before and during the call', async () => {
    const aborting = new AbortController();
    const { port, asked } = await receiver(() => aborting.abort());
    const request = { url: `http://127.0.0.1:${port}/`, signal: aborting.signal };
    expect(await failureOf(loopback(), request)).toMatchObject({ code: 'aborted' });
    expect(await failureOf(loopback(), request)).toMatchObject({ code: 'aborted' });
    expect(asked).toEqual(['GET /']);
  });

  it('limits the size of the answer', async () => {
    const { port } = await receiver((_, response) => void response.end('x'.repeat(5000)));
    const url = `http://127.0.0.1:${port}/`;
    expect((await loopback().request({ url, maxResponseBytes: 5000 })).body).toHaveLength(5000);
    expect(await failureOf(loopback(), { url, maxResponseBytes: 4999 })).toMatchObject({ code: 'response' });
    expect((await loopback().request({ url, maxResponseBytes: 10, truncate: true })).body.toString()).toBe(
      'x'.repeat(10),
    );
  });

  it('does not wait for the end of an answer that it cuts, and gives what came in time', async () => {
    const { port } = await receiver((_, response) => void response.write('x'.repeat(5000)));
    const request = { url: `http://127.0.0.1:${port}/`, truncate: true };
    const cut = await loopback().request({ ...request, maxResponseBytes: 10 });
    expect([cut.status, cut.body.length]).toEqual([200, 10]);
    const late = await loopback().request({ ...request, timeoutMs: 3_000 });
    expect([late.status, late.body.length]).toEqual([200, 5000]);
  });

  it('names what is wrong with the receiver', async () => {
    const upgrade = 'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n';
    const cases: [string, string][] = [
      ['SSH-2.0-OpenSSH\r\n', 'response'],
      ['', 'connect'],
      ['HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc', 'connect'],
      [upgrade, 'connect'],
    ];
    for (const [bytes, code] of cases) {
      const port = await listening(
        createTcpServer(
          (socket) =>
            void socket
              .on('error', () => undefined)
              .resume()
              .end(bytes),
        ),
      );
      expect(await failureOf(loopback(), { url: `http://127.0.0.1:${port}/` })).toMatchObject({ code });
    }
    const [server] = open;
    const { port } = server?.address() as AddressInfo;
    await new Promise((done) => open.shift()?.close(done));
    expect(await failureOf(loopback(), { url: `http://127.0.0.1:${port}/` })).toMatchObject({
      code: 'connect',
      detail: 'ECONNREFUSED',
    });
    const { port: plain } = await receiver((_, response) => void response.end());
    expect(await failureOf(loopback(), { url: `https://127.0.0.1:${plain}/` })).toMatchObject({ code: 'connect' });
  });

  it('shows nothing of a header that cannot be sent', async () => {
    const failure = await failureOf(loopback(), { url: 'http://127.0.0.1:9/', headers: { 'X-Token': 'secret\n' } });
    expect(failure.code).toBe('request');
    expect(`${failure.message}${failure.stack}`).not.toContain('secret');
  });
});
