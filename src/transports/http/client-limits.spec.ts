import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { message, RpcHarness, TASK, V1 } from '../../../test/support/rpc-harness.js';
import type { ItemStream, StreamItem } from '../../request-handler/request-handler.interface.js';
import { setA2aPrincipal } from '../../security/principal.js';
import type { CommittedEvent } from '../../tasks/committed-event.js';
import { ADAPTERS, type TransportApp } from '../../../test/support/transport-app.js';
import { until } from '../../testing/contracts/until.js';
import { TaskDocument } from '../../tasks/task-document.js';

const MIB = 1 << 20;
/** More than the system takes for a client that does not read. */
const LARGE = 'x'.repeat(16 * MIB);
/** Of what was sent: when so much was read, the system takes more. */
const PORTION = 2 * MIB;
const large = { ...TASK, artifacts: [{ artifactId: 'a1', parts: [{ text: LARGE }] }] };
const SEND = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'SendMessage', params: { message: message('hi') } });
const GET = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'GetTask', params: { id: 't1' } });

const head = (length: number, path = '/'): string =>
  `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nA2A-Version: 1.0\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`;

describe.each(ADAPTERS)('limits of clients on %s', (adapter) => {
  const rpc = new RpcHarness(adapter);
  const sockets: Socket[] = [];
  let app: TransportApp;

  beforeEach(() => void (sockets.length = 0));
  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    await rpc.stop();
  });

  const open = async (): Promise<Socket> => {
    const socket = connect(app.port, '127.0.0.1');
    socket.on('error', () => undefined);
    sockets.push(socket);
    await once(socket, 'connect');
    return socket;
  };
  const answerOf = async (socket: Socket): Promise<string> => {
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    await once(socket, 'close');
    return text;
  };

  it('answers 408 for a body that stops to arrive, with an error of the protocol', async () => {
    app = await rpc.start({ limits: { requestIdleMs: 1_500 } });
    for (const path of ['/', '/message:send']) {
      const socket = await open();
      socket.write(head(1000, path) + SEND.slice(0, 20));
      const [chunk] = (await once(socket, 'data')) as [Buffer];
      expect(String(chunk)).toMatch(/^HTTP\/1\.1 408 /);
      expect(String(chunk)).toContain('No bytes of the request body arrived for 1500 ms');
    }
    expect(app.limits.budget.held()).toBe(0);
  });

  it('answers 408 for a body that drips', async () => {
    app = await rpc.start({ limits: { requestIdleMs: 10_000, requestTimeoutMs: 500 } });
    const socket = await open();
    socket.write(head(100_000));
    const drip = setInterval(() => socket.write(' '), 20);
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    clearInterval(drip);
    expect(String(chunk)).toMatch(/^HTTP\/1\.1 408 [\s\S]*did not arrive within 500 ms/);
  });

  it('closes a connection whose headers do not arrive, and not one that is idle between requests', async () => {
    app = await rpc.start({ limits: { requestIdleMs: 1_500 } });
    const kept = await open();
    kept.write(head(GET.length) + GET);
    await once(kept, 'data');
    const late = await open();
    late.write('POST / HTTP/1.1\r\nHost:');
    expect(await answerOf(late)).toMatch(/^HTTP\/1\.1 408 /);
    kept.write(head(GET.length) + GET);
    expect(String((await once(kept, 'data'))[0])).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('counts the bytes of unfinished bodies, refuses more with 503, and gives them back', async () => {
    app = await rpc.start({ limits: { maxBufferedBytes: 4 * MIB, maxBufferedBytesPerCaller: MIB } });
    const first = await open();
    first.write(head(8 * MIB) + LARGE.slice(0, MIB - 1000));
    await until(() => app.limits.budget.held() >= MIB - 1000);
    const refused = await rpc.raw(SEND.padEnd(100_000));
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
    expect(refused.body.error).toMatchObject({ code: -32058, message: expect.stringContaining('your calls') });
    first.destroy();
    await until(() => app.limits.budget.held() === 0);
    expect((await rpc.raw(SEND.padEnd(100_000))).status).toBe(200);
  });

  it('limits the calls of one caller over all bindings', async () => {
    const waiting: (() => void)[] = [];
    const getTask = () => new Promise<TaskDocument>((resolve) => waiting.push(() => resolve(TaskDocument.of(TASK))));
    app = await rpc.start({ limits: { maxCallsPerCaller: 2 }, handler: { getTask } });
    const first = rpc.raw(GET);
    const second = fetch(`${app.url}/tasks/t1`, { headers: V1 });
    await until(() => waiting.length === 2);
    const third = await rpc.raw(GET);
    expect([third.status, third.headers.get('retry-after')]).toEqual([429, '1']);
    expect(third.body.error).toMatchObject({ code: -32049, message: expect.stringContaining('2 calls') });
    expect((await fetch(`${app.url}/tasks/t1`, { headers: V1 })).status).toBe(429);
    for (const end of waiting) end();
    expect((await first).status).toBe(200);
    expect((await second).status).toBe(200);
    await until(() => app.limits.calls.underWay('address 127.0.0.1') === 0);
  });

  it('holds no more answers that are not read than there is room for, and gives all back', async () => {
    const limits = { maxBufferedBytes: 80 * MIB, maxBufferedBytesPerCaller: 80 * MIB, responseIdleMs: 60_000 };
    app = await rpc.start({ limits, handler: { getTask: () => Promise.resolve(TaskDocument.of(large)) } });
    const unread = await Promise.all(Array.from({ length: 12 }, open));
    for (const socket of unread) socket.pause().write(head(GET.length) + GET);
    await until(() => app.limits.budget.held() > 64 * MIB);
    const refused = await rpc.raw(GET);
    expect([refused.status, refused.body.error?.code]).toEqual([503, -32058]);
    expect(app.limits.budget.held()).toBeLessThanOrEqual(80 * MIB);
    const rest = await fetch(`${app.url}/tasks/t1`, { headers: V1 });
    expect([rest.status, rest.headers.get('retry-after')]).toEqual([503, '5']);
    for (const socket of unread) socket.destroy();
    await until(() => app.limits.budget.held() === 0);
    expect((await rpc.raw(GET)).status).toBe(200);
  });

  it('cuts a client off that takes nothing of its answer', async () => {
    app = await rpc.start({
      limits: { responseIdleMs: 1_000 },
      handler: { getTask: () => Promise.resolve(TaskDocument.of(large)) },
    });
    const socket = await open();
    socket.pause().write(head(GET.length) + GET);
    await until(() => app.limits.budget.held() > 0);
    await until(() => app.limits.calls.underWay('address 127.0.0.1') === 0);
    expect(app.limits.budget.held()).toBe(0);
  });

  it('holds what streams do not take to the same limits, and shares what many of them hold', async () => {
    const limits = { maxBufferedBytes: 80 * MIB, maxBufferedBytesPerCaller: 80 * MIB, responseIdleMs: 60_000 };
    const body = Buffer.from(JSON.stringify({ task: large }));
    const event = { body: () => body } as unknown as CommittedEvent;
    const subscribeToTask = (): Promise<ItemStream> => {
      async function* items(): AsyncGenerator<StreamItem[], void, void> {
        yield [{ type: 'event', event, seq: 1, final: false }];
        await new Promise(() => undefined);
      }
      return Promise.resolve(items());
    };
    app = await rpc.start({
      limits,
      handler: { subscribeToTask, getTask: () => Promise.resolve(TaskDocument.of(large)) },
    });
    const subscribe = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'SubscribeToTask', params: { id: 't1' } });
    const unread = await Promise.all(Array.from({ length: 8 }, open));
    for (const socket of unread) socket.pause().write(head(subscribe.length) + subscribe);
    await until(() => app.limits.calls.underWay('address 127.0.0.1') === 8 && app.limits.budget.held() > 16 * MIB);
    let looks = 0;
    app.limits.silence.watch({ progress: () => ++looks, idleMs: 100, expired: () => undefined });
    await until(() => looks > 3);
    expect(app.limits.budget.held()).toBeLessThan(17 * MIB);
    const full = app.limits.budget.hold('somebody else', 70 * MIB);
    const other = Buffer.from(body);
    Object.assign(event, { body: () => other });
    const refused = await rpc.raw(subscribe);
    expect([refused.status, refused.headers.get('retry-after'), refused.body.error?.code]).toEqual([503, '5', -32058]);
    full.release();
    for (const socket of unread) socket.destroy();
    await until(() => app.limits.calls.underWay('address 127.0.0.1') === 0);
    expect(app.limits.budget.held()).toBe(0);
  });

  it('ends streams at their greatest age, and with the credentials they were opened with', async () => {
    async function* silent(): AsyncGenerator<StreamItem[], void, void> {
      yield [{ type: 'snapshot', document: TaskDocument.of(TASK), seq: 1, final: false }];
      await new Promise(() => undefined);
    }
    const streams: ItemStream[] = [];
    const subscribeToTask = (): Promise<ItemStream> => {
      const source = silent();
      let end: () => void = () => undefined;
      const ended = new Promise<IteratorReturnResult<void>>((resolve) => {
        end = () => resolve({ done: true, value: undefined });
      });
      const stream = {
        next: () => Promise.race([source.next(), ended]),
        return: () => (end(), ended),
        [Symbol.asyncIterator]: () => stream,
      } as unknown as ItemStream;
      streams.push(stream);
      return Promise.resolve(stream);
    };
    const credentials: { expiresAt?: Date } = {};
    @Injectable()
    class Guard implements CanActivate {
      canActivate(context: ExecutionContext): boolean {
        setA2aPrincipal(context.switchToHttp().getRequest<object>(), { owner: 'alice', ...credentials });
        return true;
      }
    }
    app = await rpc.start({
      limits: { maxStreamAgeMs: 700 },
      handler: { subscribeToTask },
      metadata: { providers: [{ provide: APP_GUARD, useClass: Guard }] },
    });
    const read = async (): Promise<number> => {
      const begun = performance.now();
      const answer = await fetch(`${app.url}/tasks/t1:subscribe`, { headers: V1 });
      expect(await answer.text()).toContain('"id":"t1"');
      return performance.now() - begun;
    };
    expect(await read()).toBeGreaterThan(600);
    credentials.expiresAt = new Date(Date.now() - 1);
    await read();
    expect(streams).toHaveLength(2);
    await until(() => app.limits.calls.underWay('owner alice') === 0);
  });

  it('gives a slow client that goes on reading all of a large answer', async () => {
    app = await rpc.start({
      limits: { responseIdleMs: 1_000 },
      handler: { getTask: () => Promise.resolve(TaskDocument.of(large)) },
    });
    const socket = await open();
    socket.write(head(GET.length).replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n') + GET);
    // It waits for the server's looks at it, not for times: on a busy machine both are slow.
    let looks = 0;
    app.limits.silence.watch({ progress: () => ++looks, idleMs: 1_000, expired: () => undefined });
    let text = '';
    for await (const chunk of socket as AsyncIterable<Buffer>) {
      const before = Math.floor(text.length / PORTION);
      text += chunk.toString('latin1');
      const seen = looks;
      if (Math.floor(text.length / PORTION) > before) await until(() => looks > seen);
    }
    // Longer than a client may be silent.
    expect(looks).toBeGreaterThan(4);
    const body = JSON.parse(text.slice(text.indexOf('\r\n\r\n') + 4)) as { result: typeof large };
    expect(body.result.artifacts[0]?.parts[0]?.text).toBe(LARGE);
    await until(() => app.limits.budget.held() === 0);
  });

  it('keeps idle connections for longer than load balancers do, and says so', async () => {
    app = await rpc.start();
    expect(app.server.keepAliveTimeout).toBe(72_000);
    expect(app.server.headersTimeout).toBe(30_000);
    const socket = await open();
    socket.write(head(GET.length) + GET);
    expect(String((await once(socket, 'data'))[0])).toMatch(/keep-alive: timeout=72/i);
  });
});
