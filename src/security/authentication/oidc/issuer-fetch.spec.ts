import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { issuerFetch } from './issuer-fetch.js';

describe('issuerFetch', () => {
  let server: Server;
  let url: string;
  let answer: RequestListener;
  let requests: number;
  beforeEach(async () => {
    requests = 0;
    server = createServer((request, response) => {
      requests++;
      answer(request, response);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  it('gives an answer', async () => {
    answer = (_request, response) => response.end('{"keys":[]}');
    expect(await (await issuerFetch(30_000)(url)).json()).toEqual({ keys: [] });
  });

  it.each<[string, RequestListener, RegExp]>([
    ['is too large', (_request, response) => response.end(Buffer.alloc(2 ** 20 + 1)), /larger than 1048576 bytes/],
    ['is a redirect', (_request, response) => response.writeHead(302, { location: '/' }).end(), /HTTP 302/],
    ['does not come', () => undefined, /timeout|aborted/],
  ])('fails when the answer %s', async (what, given, message) => {
    answer = given;
    await expect(issuerFetch(what === 'does not come' ? 300 : 30_000)(url)).rejects.toThrow(message);
  });

  it('repeats a request whose connection was closed, once', async () => {
    answer = (request, response) => (requests === 1 ? request.socket.destroy() : response.end('{}'));
    expect((await issuerFetch(30_000)(url)).status).toBe(200);
    answer = (request) => request.socket.destroy();
    requests = 0;
    await expect(issuerFetch(30_000)(url)).rejects.toThrow('fetch failed');
    expect(requests).toBe(2);
  });

  it('does not ask again at once after a failure', async () => {
    answer = (_request, response) => response.writeHead(500).end();
    const fetching = issuerFetch(30_000);
    for (let i = 0; i < 5; i++) await expect(fetching(url)).rejects.toThrow(/HTTP 500/);
    expect(requests).toBe(1);
  });
});
