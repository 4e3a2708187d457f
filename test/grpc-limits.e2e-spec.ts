import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { type ClientHttp2Session, type ClientHttp2Stream, connect } from 'node:http2';
import { setTimeout as sleep } from 'node:timers/promises';
import { ClientLimits } from '../src/common/client-limits.js';
import type { LimitsOptions } from '../src/common/limits.options.js';
import type { GrpcOptions } from '../src/grpc.js';
import { A2AError } from '../src/protocol/errors/index.js';
import { GrpcClient, grpcAddress, nextOf, SERVICES, statusOf, V10 } from './support/grpc.client.js';
import { send, taskOf } from './support/grpc-messages.js';
import { agentOf, Gate } from './support/agent-of.js';
import { textMessage } from './support/rpc.client.js';
import { TestApp } from './support/test-app.js';
import { until } from '../src/testing/contracts/until.js';

const MB = 1_000_000;
const { sendMessage, sendStreamingMessage, getTask, subscribeToTask } = SERVICES['1.0'];

/** The beginning of a message of so many bytes. */
const opening = (bytes: number): Buffer => {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(bytes, 1);
  return head;
};

describe('limits of gRPC clients', () => {
  let app: TestApp;
  let address: string;
  let limits: ClientLimits;
  let session: ClientHttp2Session;
  let client: GrpcClient;
  afterEach(async () => {
    client.close();
    session.destroy();
    await app.close();
  });

  async function serve(
    given: Partial<LimitsOptions>,
    authenticate: GrpcOptions['authenticate'] = 'anonymous',
    execute: Parameters<typeof agentOf>[0] = () => undefined,
  ): Promise<void> {
    app = await TestApp.start({ agents: [agentOf(execute)], limits: given, grpc: { port: 0, authenticate } });
    address = await grpcAddress(app);
    limits = app.app.get(ClientLimits, { strict: false });
    session = connect(`http://${address}`);
    session.on('error', () => undefined);
    client = new GrpcClient(address);
  }

  const request = (call = 'SendMessage'): ClientHttp2Stream =>
    session
      .request({
        ':method': 'POST',
        ':path': `/lf.a2a.v1.A2AService/${call}`,
        'content-type': 'application/grpc',
        te: 'trailers',
        'a2a-version': '1.0',
      })
      .on('error', () => undefined);
  /** Also of a call that has nothing but a status. */
  const statusCode = async (stream: ClientHttp2Stream): Promise<string> => {
    const told = new Promise<string>((resolve) => {
      const look = (headers: Record<string, unknown>): void => {
        if (headers['grpc-status'] !== undefined) resolve(String(headers['grpc-status']));
      };
      stream.on('response', look).on('trailers', look).resume();
    });
    return told;
  };

  it('are asked who they are before their message is read', async () => {
    const asked = new Gate();
    await serve({}, async () => {
      await asked.opened;
      throw new A2AError('UNAUTHENTICATED', 'Send a key.');
    });
    const stream = request();
    const status = statusCode(stream);
    stream.write(opening(9 * MB));
    stream.write(Buffer.alloc(9 * MB - 1));
    await sleep(300);
    // What one window of HTTP/2 holds, and no message.
    expect(stream.writableLength).toBeGreaterThan(8 * MB);
    expect(limits.budget.held()).toBe(0);
    asked.open();
    expect(await status).toBe('16');
    await once(stream, 'close');
  });

  it('have a time for their message to arrive', async () => {
    await serve({ requestIdleMs: 200 });
    const stream = request();
    stream.write(opening(1_000));
    expect(await statusCode(stream)).toBe('4');
    await until(() => stream.closed);
    expect(limits.calls.underWay('address 127.0.0.1')).toBe(0);
  });

  it('have their unfinished messages counted, more is refused, and what is given up is given back', async () => {
    await serve({ maxBufferedBytes: 4 << 20, maxBufferedBytesPerCaller: 2 << 20 });
    const [first, second] = [request(), request()];
    for (const stream of [first, second]) stream.write(opening(9 * MB));
    first.write(Buffer.alloc(1.9 * MB));
    await until(() => limits.budget.held() >= 1.9 * MB);
    const refused = statusCode(second);
    second.write(Buffer.alloc(MB));
    expect(await refused).toBe('8');
    first.close();
    await until(() => limits.budget.held() === 0);
    expect(taskOf(await client.unary(sendMessage, send())).id).toMatch(/-/);
  });

  it('have no more calls under way than they may, over all bindings', async () => {
    const gate = new Gate();
    await serve({ maxCallsPerCaller: 2 }, 'anonymous', () => gate.opened);
    const first = client.stream(sendStreamingMessage, send());
    await nextOf(first);
    const second = app.rpc().result('SendMessage', { message: textMessage('hi') });
    await until(() => limits.calls.underWay('address 127.0.0.1') === 2);
    const { error } = await client.unary(getTask, { tenant: '', id: 'x', historyLength: undefined });
    expect(error).toMatchObject({ code: 8, details: expect.stringContaining('2 calls') });
    gate.open();
    await second;
    first.resume();
    await statusOf(first);
    await until(() => limits.calls.underWay('address 127.0.0.1') === 0);
  });

  it('cannot make more answers wait than there is room for, and are cut off when they do not read', async () => {
    const text = 'x'.repeat(4 << 20);
    await serve(
      { maxBufferedBytes: 10 << 20, maxBufferedBytesPerCaller: 10 << 20, responseIdleMs: 3_000 },
      'anonymous',
      (_context, updater) => updater.addArtifact([{ text }]) as Promise<never>,
    );
    const { id } = taskOf(await client.unary(sendMessage, send()));
    const body = Buffer.concat([Buffer.from([0x12, id.length]), Buffer.from(id)]);
    const ask = (): ClientHttp2Stream => {
      const stream = request('GetTask');
      stream.end(Buffer.concat([opening(body.length), body]));
      return stream.pause();
    };
    const unread = [ask(), ask()];
    await until(() => limits.budget.held() > 8 << 20);
    expect(await statusCode(ask())).toBe('8');
    await until(() => unread.every((stream) => stream.closed || stream.destroyed));
    await until(() => limits.budget.held() === 0);
    expect(taskOf(await client.unary(sendMessage, send())).id).toMatch(/-/);
  });

  it('have their streams ended with their credentials, and at the greatest age, and may come back', async () => {
    const gate = new Gate();
    let validMs: number | undefined = 2_000;
    // Counted from the call: the server takes its time to start.
    const expiresAt = (): Date | undefined => (validMs === undefined ? undefined : new Date(Date.now() + validMs));
    await serve(
      { maxStreamAgeMs: 6_000 },
      () => ({ owner: 'alice', expiresAt: expiresAt() }),
      () => gate.opened,
    );
    const first = client.stream(sendStreamingMessage, send(), V10);
    const { payload } = await nextOf<{ payload: { value: { id: string } } }>(first);
    first.resume();
    expect(await statusOf(first)).toMatchObject({ code: 16, details: expect.stringContaining('credentials') });
    validMs = undefined;
    const again = client.stream(subscribeToTask, { tenant: '', id: payload.value.id }, V10);
    await nextOf(again);
    again.resume();
    expect(await statusOf(again)).toMatchObject({ code: 14, details: expect.stringContaining('age') });
    gate.open();
  });
});
