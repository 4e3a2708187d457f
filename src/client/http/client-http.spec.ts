import { afterEach, describe, expect, it } from '@jest/globals';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { CA, CLIENT, SERVER } from '../../../test/support/tls/index.js';
import {
  A2AClientConnectionError,
  A2AClientForbiddenAddressError,
  A2AClientInvalidArgsError,
  A2AClientJSONError,
  A2AClientLimitError,
  A2AClientTimeoutError,
} from '../errors/client.errors.js';
import { ClientHttp, type ClientHttpOptions, type HttpCall } from './client-http.js';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const portOf = (server: { address(): unknown }): number => (server.address() as AddressInfo).port;

async function listening(server: Server | ReturnType<typeof createTcpServer>): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${portOf(server)}/secret-path?token=secret`;
}

async function served(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return listening(server);
}

function http(options: Partial<ClientHttpOptions> = {}): ClientHttp {
  const made = new ClientHttp({ allow: ['127.0.0.1'], connectTimeoutMs: 2_000, ...options });
  closing.push(() => made.close());
  return made;
}

const get = (url: string, more: Partial<HttpCall> = {}): HttpCall => ({
  method: 'GET',
  url,
  headers: {},
  timeoutMs: 2_000,
  ...more,
});

const failureOf = (work: Promise<unknown>): Promise<A2AClientConnectionError> =>
  work.then(
    () => {
      throw new Error('it succeeded');
    },
    (error: A2AClientConnectionError) => error,
  );

describe('ClientHttp', () => {
  it('sends a request and gives the answer, whatever its status', async () => {
    const url = await served((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        response.writeHead(418, { 'content-type': 'Text/Plain; charset=utf-8', 'x-a': ['1', '2'] });
        response.end(`${request.method} ${request.headers['x-mine']} ${Buffer.concat(chunks).toString()}`);
      });
    });
    const answer = await http().open({ ...get(url), method: 'POST', headers: { 'x-mine': 'yes' }, body: 'äöü' });
    expect([answer.status, answer.mediaType, answer.header('x-a'), answer.header('none')]).toEqual([
      418,
      'text/plain',
      '1, 2',
      undefined,
    ]);
    expect(await answer.text(1000, 1000)).toBe('POST yes äöü');
  });

  it('uses a connection again when the answer was read, and not when it was left', async () => {
    const ports: number[] = [];
    const url = await served((request, response) => {
      ports.push(request.socket.remotePort!);
      response.end('x'.repeat(100_000));
    });
    const own = http();
    await (await own.open(get(url))).text(1e6, 1000);
    await (await own.open(get(url))).text(1e6, 1000);
    (await own.open(get(url))).close();
    await (await own.open(get(url))).text(1e6, 1000);
    expect([ports[1] === ports[0], ports[2] === ports[0], ports[3] === ports[0]]).toEqual([true, true, false]);
  });

  it.each(['http://127.0.0.1:1/', 'http://[::1]/', 'http://localhost/', 'http://10.0.0.1/', 'http://169.254.169.254/'])(
    'calls no private address that is not on the list: %s',
    async (url) => {
      const error = await failureOf(http({ allow: [] }).open(get(url)));
      expect(error).toBeInstanceOf(A2AClientForbiddenAddressError);
      expect(error.message).toContain("option 'allow'");
    },
  );

  it('checks the address that a name leads to at the moment of the connection', async () => {
    const url = await served((_, response) => response.end('inside'));
    const named = url.replace('127.0.0.1', 'agents.example');
    const resolve = async () => [{ address: '127.0.0.1', family: 4 as const }];
    expect(await failureOf(http({ allow: [], resolve }).open(get(named)))).toBeInstanceOf(
      A2AClientForbiddenAddressError,
    );
    const answer = await http({ allow: ['agents.example'], resolve }).open(get(named));
    expect(await answer.text(100, 1000)).toBe('inside');
  });

  it.each(['ftp://127.0.0.1/', 'http://user:pass@127.0.0.1/', 'nowhere'])('takes no %s for an address', async (url) => {
    const error = await failureOf(http().open(get(url)));
    expect(error).toBeInstanceOf(A2AClientInvalidArgsError);
    expect(error.message).not.toContain('pass@');
  });

  it('follows no redirect', async () => {
    const url = await served((_, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end());
    expect((await http().open(get(url))).status).toBe(302);
  });

  it('says whether the request may have arrived, and no more of it than the host', async () => {
    const free = createTcpServer();
    const nowhere = await listening(free);
    await new Promise((resolve) => free.close(resolve));
    const refused = await failureOf(http().open(get(nowhere, { headers: { authorization: 'secret' } })));
    expect([refused.name, refused.sent, refused.code]).toEqual(['A2AClientConnectionError', false, 'ECONNREFUSED']);
    const deaf = await served((request) => request.socket.destroy());
    const broken = await failureOf(http().open(get(deaf, { headers: { authorization: 'secret' } })));
    expect([broken.name, broken.sent]).toEqual(['A2AClientConnectionError', true]);
    for (const { message } of [refused, broken]) {
      expect(message).toContain('127.0.0.1');
      expect(message).not.toContain('secret');
    }
    const unknown = await failureOf(
      http({ resolve: () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' })) }).open(
        get('http://no.example/'),
      ),
    );
    expect([unknown.sent, unknown.code]).toEqual([false, 'ENOTFOUND']);
  });

  it('limits the time for a connection', async () => {
    const never = () => new Promise<never>(() => undefined);
    const error = await failureOf(http({ connectTimeoutMs: 30, resolve: never }).open(get('http://slow.example/')));
    expect([error.sent, error.code]).toEqual([false, 'ETIMEDOUT']);
  });

  it('limits the time for an answer, and for each piece of it', async () => {
    const mute = await served(() => undefined);
    expect(await failureOf(http().open(get(mute, { timeoutMs: 30 })))).toBeInstanceOf(A2AClientTimeoutError);
    const stuck = await served((_, response) => {
      response.write('begin');
    });
    const answer = await http().open(get(stuck));
    const pieces = answer.chunks(() => 30);
    expect((await pieces.next()).value?.toString()).toBe('begin');
    await expect(pieces.next()).rejects.toThrow(A2AClientTimeoutError);
  });

  it('does not count the time that its consumer takes', async () => {
    const url = await served((_, response) => {
      response.write('one');
      setTimeout(() => response.end('two'), 20);
    });
    const answer = await http().open(get(url));
    let text = '';
    for await (const piece of answer.chunks(() => 200)) {
      text += piece.toString();
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    expect(text).toBe('onetwo');
  });

  it('says when an answer was cut', async () => {
    const url = await served((_, response) => {
      response.write('begin', () => response.destroy());
    });
    const error = await failureOf((await http().open(get(url))).text(100, 1000));
    expect([error.name, error.sent]).toEqual(['A2AClientConnectionError', true]);
  });

  it('reads no more than it may', async () => {
    const url = await served((_, response) => response.end('x'.repeat(101)));
    await expect((await http().open(get(url))).text(100, 1000)).rejects.toThrow(A2AClientLimitError);
    expect(await (await http().open(get(url))).text(101, 1000)).toHaveLength(101);
  });

  it('takes no answer in an encoding that it did not ask for', async () => {
    const url = await served((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('x'));
    await expect((await http().open(get(url))).text(100, 1000)).rejects.toThrow(A2AClientJSONError);
  });

  it('stops with the reason of its signal: before, while it waits, and while it reads', async () => {
    const reason = new Error('enough');
    const mute = await served(() => undefined);
    await expect(http().open(get(mute, { signal: AbortSignal.abort(reason) }))).rejects.toBe(reason);
    const waiting = new AbortController();
    const opening = http().open(get(mute, { signal: waiting.signal }));
    setTimeout(() => waiting.abort(reason), 20);
    await expect(opening).rejects.toBe(reason);
    const reading = new AbortController();
    const stuck = await served((_, response) => {
      response.write('begin');
    });
    const pieces = (await http().open(get(stuck, { signal: reading.signal }))).chunks(() => 5_000);
    await pieces.next();
    const next = pieces.next();
    reading.abort(reason);
    await expect(next).rejects.toBe(reason);
    const late = new AbortController();
    const opened = await http().open(get(stuck, { signal: late.signal }));
    late.abort(reason);
    await expect(opened.text(100, 1000)).rejects.toBe(reason);
  });

  it('says that a header cannot be sent, without showing it', async () => {
    const error = await failureOf(http().open(get('http://127.0.0.1:1/', { headers: { 'x-key': 'sec\nret' } })));
    expect(error).toBeInstanceOf(A2AClientInvalidArgsError);
    expect(error.message).not.toContain('ret');
  });

  it('trusts the authorities it is told to, and shows its certificate', async () => {
    const server = createTlsServer(
      { ...SERVER, ca: CA, requestCert: true, rejectUnauthorized: true },
      (request, response) => response.end((request.socket as TLSSocket).getPeerCertificate().subject.CN),
    );
    closing.push(() => server.close());
    const url = (await listening(server)).replace('http://127.0.0.1', 'https://localhost');
    const allow = ['localhost'];
    const unknown = await failureOf(http({ allow }).open(get(url)));
    expect([unknown.sent, unknown.code]).toEqual([false, expect.stringMatching(/CERT|VERIFY/)]);
    const refused = await failureOf(http({ allow, tls: { ca: CA } }).open(get(url)));
    expect(refused).toBeInstanceOf(A2AClientConnectionError);
    const answer = await http({ allow, tls: { ca: CA, ...CLIENT } }).open(get(url));
    expect(await answer.text(100, 1000)).not.toBe('');
    expect(() => http({ tls: { cert: 'nonsense', key: 'secret' } })).toThrow(/^tls cannot be used: (?!.*secret)/);
  });

  it('says when there is no HTTP at the other end', async () => {
    const server = createTcpServer((socket) => socket.end('SSH-2.0-hello\r\n'));
    closing.push(() => server.close());
    const error = await failureOf(http().open(get(await listening(server))));
    expect(error.code).toMatch(/^HPE_/);
  });
});
