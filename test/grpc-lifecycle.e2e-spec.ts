import { afterEach, describe, expect, it } from '@jest/globals';
import * as grpc from '@grpc/grpc-js';
import type { StreamResponse, Task } from '@a2a-js/sdk';
import { service as Health } from 'grpc-health-check';
import { connect } from 'node:net';
import { DrainService } from '../src/execution/drain.service.js';
import type { GrpcOptions } from '../src/grpc.js';
import type { AgentCard } from '../src/protocol/model/index.js';
import { agentOf, Gate } from './support/agent-of.js';
import { GrpcClient, grpcAddress, nextOf, readAll, SERVICES, V10 } from './support/grpc.client.js';
import { reasonOf, send, taskOf } from './support/grpc-messages.js';
import { TestApp } from './support/test-app.js';
import { CLIENT, SERVER } from './support/tls/index.js';

const { sendMessage, sendStreamingMessage } = SERVICES['1.0'];
const GRPC: GrpcOptions = { port: 0, authenticate: 'anonymous' };
const idle = agentOf(() => undefined);

const apps: TestApp[] = [];
const clients: GrpcClient[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  for (const app of apps.splice(0)) await app.close();
});
async function serve(grpcOptions: GrpcOptions | undefined, agent = idle): Promise<TestApp> {
  const app = await TestApp.start({ agents: [agent], grpc: grpcOptions });
  apps.push(app);
  return app;
}
async function clientOf(app: TestApp): Promise<GrpcClient> {
  const client = new GrpcClient(await grpcAddress(app));
  clients.push(client);
  return client;
}
const portOf = async (app: TestApp): Promise<number> => Number((await grpcAddress(app)).split(':')[1]);
const cardOf = async (app: TestApp, path = ''): Promise<AgentCard> =>
  (await (
    await fetch(`${app.origin}${path}/.well-known/agent-card.json`, { headers: { 'A2A-Version': '1.0' } })
  ).json()) as AgentCard;
const listens = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });

describe('the boot of gRPC', () => {
  it('is left out unless there is a port', async () => {
    const app = await serve(undefined);
    expect((await cardOf(app)).supportedInterfaces.map(({ protocolBinding }) => protocolBinding)).not.toContain('GRPC');
  });

  it("is told in the default agent's card, with the port that was free", async () => {
    const app = await serve(GRPC);
    const grpcOf = async (path: string) =>
      (await cardOf(app, path)).supportedInterfaces.filter(({ protocolBinding }) => protocolBinding === 'GRPC');
    const url = await grpcAddress(app);
    expect(url).toMatch(/^127\.0\.0\.1:[1-9]\d+$/);
    expect(await grpcOf('')).toEqual(
      ['1.0', '0.3'].map((protocolVersion) => ({ url, protocolBinding: 'GRPC', protocolVersion })),
    );
    const older = await (
      await fetch(`${app.origin}/.well-known/agent-card.json`, { headers: { 'A2A-Version': '0.3' } })
    ).json();
    expect(older).toMatchObject({ additionalInterfaces: expect.arrayContaining([{ url, transport: 'GRPC' }]) });
  });

  it('fails by name when the port is taken', async () => {
    const port = await portOf(await serve(GRPC));
    await expect(serve({ ...GRPC, port })).rejects.toThrow(
      `gRPC cannot listen on 127.0.0.1:${port}: the port is in use. Choose another one (GRPC_PORT, or grpc.port of the options;`,
    );
  });

  it.each<[string, Partial<GrpcOptions>]>([
    ['gRPC cannot listen on 203.0.113.7:0: this machine has no such address', { host: '203.0.113.7' }],
    ['grpc.tls.key with grpc.tls.cert cannot be used', { tls: { ...SERVER, key: CLIENT.key } }],
    ['grpc.port must be a whole number', { port: 70_000 }],
    ['grpc.authenticate is missing', { authenticate: undefined as never }],
  ])('fails by name: %s', async (text, options) => {
    await expect(serve({ ...GRPC, ...options })).rejects.toThrow(text);
  });

  it('takes more options of the library', async () => {
    const app = await serve({ ...GRPC, channelOptions: { 'grpc.max_receive_message_length': 100 } });
    const { error } = await (await clientOf(app)).unary(sendMessage, send({ parts: [{ text: 'x'.repeat(200) }] }));
    expect(error?.code).toBe(grpc.status.RESOURCE_EXHAUSTED);
  });
});

describe('the shutdown of gRPC', () => {
  it('answers who waits, then refuses, then closes the port', async () => {
    const gate = new Gate();
    const app = await serve(
      GRPC,
      agentOf(() => gate.opened),
    );
    const client = await clientOf(app);
    const port = await portOf(app);
    const watch = client.stream(Health['Watch'], { service: '' }, {});
    expect(await nextOf(watch)).toEqual({ status: 'SERVING' });
    const stream = client.stream(sendStreamingMessage, send());
    await nextOf(stream);
    const waiting = client.unary(sendMessage, send());
    const other = await clientOf(app);
    const drained = app.app.get(DrainService, { strict: false }).drain();
    expect(await nextOf(watch)).toEqual({ status: 'NOT_SERVING' });
    expect((await other.unary(Health['Check'], { service: '' }, {})).message).toEqual({ status: 'NOT_SERVING' });
    const refused = await other.unary(sendMessage, send());
    expect([reasonOf(refused), refused.error?.code]).toEqual(['UNAVAILABLE', grpc.status.UNAVAILABLE]);
    gate.open();
    expect((taskOf(await waiting) as Task).status?.state).toBe(3);
    await drained;
    await apps.pop()!.close();
    const { messages, status } = await readAll<StreamResponse>(stream);
    expect(status.code).toBe(grpc.status.OK);
    expect(messages.at(-1)?.payload?.$case).toBe('statusUpdate');
    expect((await readAll(watch)).status.code).toBe(grpc.status.UNAVAILABLE);
    expect(await listens(port)).toBe(false);
  });

  it('ends streams whose tasks have not ended with UNAVAILABLE', async () => {
    const app = await serve(
      GRPC,
      agentOf((_context, updater) => updater.requiresAuth('Log in, please.')),
    );
    const client = await clientOf(app);
    // It stays open when the run has ended.
    const stream = client.stream(sendStreamingMessage, send());
    await nextOf(stream);
    const closing = apps.pop()!.close();
    const { status } = await readAll(stream);
    expect(status).toMatchObject({ code: grpc.status.UNAVAILABLE, details: expect.stringContaining('shutting down') });
    await closing;
  });

  it('cuts those who do not read their streams to the end', async () => {
    const app = await serve(
      { ...GRPC, shutdownGraceMs: 100 },
      agentOf(async (_context, updater) => {
        for (let i = 0; i < 100; i++) await updater.addArtifact('x'.repeat(100_000));
      }),
    );
    const stream = (await clientOf(app)).stream(sendStreamingMessage, send());
    await nextOf(stream);
    const port = await portOf(app);
    await apps.pop()!.close();
    expect(await listens(port)).toBe(false);
    const { status } = await readAll(stream);
    expect(status.code).not.toBe(grpc.status.OK);
  });

  it('closes connections that nobody uses', async () => {
    const app = await serve(GRPC);
    const client = await clientOf(app);
    await client.unary(sendMessage, send());
    const port = await portOf(app);
    await apps.pop()!.close();
    expect(await listens(port)).toBe(false);
    const { error } = await client.unary(sendMessage, send(), V10, { deadline: Date.now() + 5000 });
    expect(error?.code).toBe(grpc.status.UNAVAILABLE);
  });
});
