import { afterEach, describe, expect, it } from '@jest/globals';
import * as grpc from '@grpc/grpc-js';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import type { GrpcOptions } from '../src/grpc.js';
import { agentOf, Gate } from './support/agent-of.js';
import { GrpcClient, grpcAddress, nextOf, readAll, SERVICES, V10 } from './support/grpc.client.js';
import { send } from './support/grpc-messages.js';
import { TestApp } from './support/test-app.js';

const { sendStreamingMessage, listTasks } = SERVICES['1.0'];
const all = { tenant: '', contextId: '', status: 0, pageToken: '' };

/** Between client and server; can fall silent without a word, as a machine does that loses its power. */
class MutedProxy {
  readonly #sockets: Socket[] = [];
  readonly #server: Server;

  constructor(address: string) {
    const [host, port] = address.split(':');
    this.#server = createServer((client) => {
      const upstream = connect(Number(port), host);
      this.#sockets.push(client, upstream);
      client.pipe(upstream).pipe(client);
      for (const socket of [client, upstream]) socket.on('error', () => undefined);
    });
  }

  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  fallSilent(): void {
    for (const socket of this.#sockets) socket.unpipe().pause();
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }
}

describe('a gRPC connection', () => {
  let app: TestApp;
  let gate: Gate;
  const clients: GrpcClient[] = [];
  afterEach(async () => {
    gate.open();
    for (const client of clients.splice(0)) client.close();
    await app.close();
  });

  async function serve(options: Partial<GrpcOptions>): Promise<string> {
    gate = new Gate();
    const grpcOptions: GrpcOptions = { port: 0, authenticate: 'anonymous', ...options };
    app = await TestApp.start({ agents: [agentOf(() => gate.opened)], grpc: grpcOptions });
    return grpcAddress(app);
  }
  function clientOf(address: string): GrpcClient {
    const client = new GrpcClient(address);
    clients.push(client);
    return client;
  }

  it('that does not answer any more is closed', async () => {
    const served = new Map<number, Socket>();
    const remember = (message: unknown): void => {
      const { socket } = message as { socket: Socket };
      served.set(socket.localPort ?? 0, socket);
    };
    subscribe('net.server.socket', remember);
    const address = await serve({ keepAliveMs: 100, keepAliveTimeoutMs: 2_000 });
    const proxy = new MutedProxy(address);
    const stream = clientOf(await proxy.listen()).stream(sendStreamingMessage, send());
    await nextOf(stream);
    const socket = served.get(Number(address.split(':')[1]));
    expect(socket?.destroyed).toBe(false);
    const closed = once(socket!, 'close');
    proxy.fallSilent();
    await closed;
    unsubscribe('net.server.socket', remember);
    proxy.close();
  });

  it('has as many calls at once as it may, and the next one when one of them is over', async () => {
    const client = clientOf(await serve({ maxStreamsPerConnection: 1 }));
    const first = client.stream(sendStreamingMessage, send());
    await nextOf(first);
    const late = await client.unary(listTasks, all, V10, { deadline: Date.now() + 300 });
    expect(late.error?.code).toBe(grpc.status.DEADLINE_EXCEEDED);
    gate.open();
    expect((await readAll(first)).status.code).toBe(grpc.status.OK);
    expect((await client.unary(listTasks, all)).message).toMatchObject({ totalSize: 1 });
  });
});
