import { describe, expect, it } from '@jest/globals';
import type { HttpAdapterHost } from '@nestjs/core';
import { once } from 'node:events';
import { Agent, createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { IdleConnections } from './idle-connections.js';

const shutDown = (server: object | undefined): void => {
  const httpAdapter = server && { getHttpServer: () => server };
  new IdleConnections({ httpAdapter } as unknown as HttpAdapterHost).beforeApplicationShutdown();
};

describe('IdleConnections', () => {
  it('closes a connection whose answer ends after the server has begun to close', async () => {
    let answer: ServerResponse | undefined;
    const server = createServer((_request, response) => {
      answer = response;
      response.write('begin');
    });
    // Neither side gives it up by itself.
    server.keepAliveTimeout = 0;
    const agent = new Agent({ keepAlive: true });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const [response] = (await once(get({ port, host: '127.0.0.1', agent }), 'response')) as [IncomingMessage];
    const closed = once(server, 'close');
    shutDown(server);
    server.close();
    answer?.end('end');
    expect(await text(response)).toBe('beginend');
    await closed;
    agent.destroy();
  });

  it('needs no server, and none that listens', () => {
    shutDown(undefined);
    shutDown({});
    shutDown(createServer());
  });
});
