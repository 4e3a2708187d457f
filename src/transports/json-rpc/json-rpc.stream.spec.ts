import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { type IncomingMessage, request as httpRequest } from 'node:http';
import {
  ADAPTERS,
  startTransportApp,
  type TransportApp,
  type TransportAppOptions,
} from '../../../test/support/transport-app.js';
import { until } from '../../testing/contracts/until.js';
import { taskNotFound, unavailable } from '../../protocol/errors/index.js';
import type { Task, TaskState } from '../../protocol/model/index.js';
import type {
  ItemStream,
  RequestHandler,
  StreamItem,
  OperationOptions,
} from '../../request-handler/request-handler.interface.js';
import { CommittedEvent } from '../../tasks/committed-event.js';
import { TaskDocument } from '../../tasks/task-document.js';

const TASK: Task = {
  id: 't1',
  contextId: 'c1',
  status: { state: 'TASK_STATE_WORKING', timestamp: '2026-01-01T00:00:00.000Z' },
};

const snapshot = (seq: number, final = false): StreamItem => ({
  type: 'snapshot',
  document: TaskDocument.of(TASK),
  seq,
  final,
});
const status = (seq: number, state: TaskState, final = false): StreamItem => {
  const data = JSON.stringify({ status: { state, timestamp: TASK.status.timestamp } });
  return { type: 'event', seq, final, event: new CommittedEvent('t1', 'c1', seq, 'status', data, state) };
};
const chunk = (seq: number, text: string): StreamItem => {
  const data = JSON.stringify({ artifact: { artifactId: 'a', parts: [{ text }] }, append: true });
  return { type: 'event', seq, final: false, event: new CommittedEvent('t1', 'c1', seq, 'artifact', data) };
};

const soon = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe.each(ADAPTERS)('JSON-RPC streams on %s', (adapter) => {
  let running: TransportApp | undefined;

  afterEach(async () => {
    await running?.app.close();
    running = undefined;
  });

  const start = async (
    open: (options: OperationOptions) => ItemStream | Promise<ItemStream>,
    more: Partial<TransportAppOptions> = {},
  ) => {
    const handler: Partial<RequestHandler> = {
      sendStreamingMessage: async (_request, _context, options) => open(options!),
      subscribeToTask: async (_request, _context, options) => open(options!),
    };
    running = await startTransportApp(adapter, { handler, ...more });
  };

  const call = async (
    method: string,
    headers: Record<string, string> = {},
    id: unknown = 1,
  ): Promise<IncomingMessage> => {
    const outgoing = httpRequest(running!.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'a2a-version': method.includes('/') ? '0.3' : '1.0', ...headers },
    });
    outgoing.on('error', () => undefined);
    outgoing.end(JSON.stringify({ jsonrpc: '2.0', id, method, params: { id: 't1' } }));
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
    response.on('error', () => undefined);
    return response;
  };

  const textOf = async (response: IncomingMessage): Promise<string> => {
    let text = '';
    for await (const part of response) text += String(part);
    return text;
  };

  interface Event {
    id?: string;
    data: { id: unknown; result?: Record<string, unknown>; error?: { code: number; message: string } };
  }
  const eventsOf = (text: string): Event[] =>
    text
      .split('\n\n')
      .filter((block) => block.includes('data:'))
      .map((block) => ({
        id: /^id: (.*)$/m.exec(block)?.[1],
        data: JSON.parse(/^data: (.*)$/m.exec(block)![1]!) as Event['data'],
      }));

  it('E9: sends each item as one event with its seq as id and the id of the request', async () => {
    await start(async function* () {
      yield [snapshot(1)];
      yield [status(2, 'TASK_STATE_WORKING'), chunk(3, 'ü\nx'), status(4, 'TASK_STATE_COMPLETED', true)];
    });
    const response = await call('SubscribeToTask', {}, 'r/ü"1');
    expect(response.statusCode).toBe(200);
    expect(response.headers).toMatchObject({ 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' });
    expect(response.headers['cache-control']).toMatch(/no-cache.*no-transform/);
    const events = eventsOf(await textOf(response));
    expect(events.map(({ id }) => id)).toEqual(['1', '2', '3', '4']);
    expect(events.every(({ data }) => data.id === 'r/ü"1')).toBe(true);
    expect(events[0]!.data.result).toEqual({ task: TASK });
    expect(events[2]!.data.result).toMatchObject({ artifactUpdate: { artifact: { parts: [{ text: 'ü\nx' }] } } });
    expect(events[3]!.data.result).toMatchObject({ statusUpdate: { status: { state: 'TASK_STATE_COMPLETED' } } });
    expect(events[3]!.data.result!['statusUpdate']).not.toHaveProperty('final');
  });

  it('says `final` on the last status of a v0.3 stream, and on no other', async () => {
    await start(async function* () {
      yield [snapshot(1), status(2, 'TASK_STATE_WORKING'), status(3, 'TASK_STATE_COMPLETED', true)];
    });
    const results = eventsOf(await textOf(await call('tasks/resubscribe'))).map(({ data }) => data.result!);
    expect(results.map(({ kind, final }) => [kind, final])).toEqual([
      ['task', undefined],
      ['status-update', false],
      ['status-update', true],
    ]);
  });

  it('sends a message reply without an event id', async () => {
    const message = { messageId: 'm2', role: 'ROLE_AGENT' as const, parts: [{ text: 'hi' }] };
    await start(async function* () {
      yield [{ type: 'message', message, final: true }];
    });
    const [event, ...rest] = eventsOf(await textOf(await call('SubscribeToTask')));
    expect(rest).toEqual([]);
    expect(event).toEqual({ id: undefined, data: { jsonrpc: '2.0', id: 1, result: { message } } });
  });

  it('answers an error before the first batch as an ordinary call', async () => {
    await start(() => Promise.reject(taskNotFound('t1')));
    const response = await call('SubscribeToTask', {}, 0);
    expect(response.headers['content-type']).toMatch(/^application\/json/);
    expect(JSON.parse(await textOf(response))).toMatchObject({ id: 0, error: { code: -32001 } });
  });

  it('ends with an error event without an id when the stream fails, and tells nothing of the unexpected', async () => {
    await start(async function* () {
      yield [snapshot(1)];
      throw unavailable('The log cannot be read. Try again.');
    });
    let events = eventsOf(await textOf(await call('SubscribeToTask', {}, 9)));
    expect(events[1]).toMatchObject({
      data: { jsonrpc: '2.0', id: 9, error: { message: 'The log cannot be read. Try again.' } },
    });
    expect(events[1]!.id).toBeUndefined();
    await running!.app.close();
    await start(async function* () {
      yield [snapshot(1)];
      throw new Error('select secret from users');
    });
    const text = await textOf(await call('tasks/resubscribe'));
    events = eventsOf(text);
    expect(events[1]!.data.error).toMatchObject({ code: -32603, message: 'Internal error' });
    expect(text).not.toContain('secret');
  });

  it('hands Last-Event-ID to the handler as it was sent', async () => {
    let seen: string | undefined;
    await start(async function* (options) {
      seen = options.lastEventId;
      yield [status(8, 'TASK_STATE_COMPLETED', true)];
    });
    await textOf(await call('SubscribeToTask', { 'last-event-id': '7' }));
    expect(seen).toBe('7');
    for (const headers of [undefined, { 'last-event-id': '' }]) {
      await textOf(await call('SubscribeToTask', headers));
      expect(seen).toBeUndefined();
    }
  });

  it('shows the first event at once, while the stream goes on', async () => {
    let finish = (): void => undefined;
    const finished = new Promise<void>((resolve) => (finish = resolve));
    await start(async function* () {
      yield [snapshot(1)];
      await finished;
    });
    const response = await call('SubscribeToTask');
    const [first] = (await once(response, 'data')) as [Buffer];
    expect(eventsOf(String(first))[0]!.id).toBe('1');
    finish();
    await textOf(response);
  });

  it('keeps a quiet stream alive with comments, and a busy one without', async () => {
    let finish = (): void => undefined;
    const finished = new Promise<void>((resolve) => (finish = resolve));
    await start(
      async function* () {
        yield [snapshot(1)];
        await finished;
      },
      { options: { keepAliveMs: 30 } },
    );
    const response = await call('SubscribeToTask');
    let text = '';
    response.on('data', (part) => (text += String(part)));
    await until(() => text.split(': keep-alive\n\n').length > 2);
    finish();
    await once(response, 'end');
    expect(eventsOf(text)).toHaveLength(1);
    expect(text.replaceAll(': keep-alive\n\n', '')).toMatch(/^id: 1\ndata: .*\n\n$/);
  });

  it('pulls nothing more while the client does not read, and all of it once it does', async () => {
    const total = 200;
    const big = 'x'.repeat(256 * 1024);
    let pulled = 0;
    await start(async function* () {
      while (pulled < total) yield [chunk(++pulled, big)];
    });
    const response = await call('SubscribeToTask');
    response.pause();
    await until(() => pulled > 0);
    let before = -1;
    while (before !== pulled) {
      before = pulled;
      await soon(150);
    }
    expect(pulled).toBeLessThan(total / 2);
    const events = eventsOf(await textOf(response));
    expect(events.map(({ id }) => Number(id))).toEqual(Array.from({ length: total }, (_, index) => index + 1));
  });

  it('shares the bytes of an event between streams', async () => {
    const item = chunk(1, 'x'.repeat(100_000));
    await start(async function* () {
      yield [item];
    });
    await textOf(await call('SubscribeToTask'));
    const encoding = { name: '1.0', encode: () => 'made again' };
    expect(item.type === 'event' && String(item.event.body(encoding, false))).toContain('artifactUpdate');
    await textOf(await call('tasks/resubscribe'));
    expect(item.type === 'event' && String(item.event.body({ name: '0.3', encode: () => '' }, false))).toContain(
      'artifact-update',
    );
  });

  it.each(['while it waits', 'while the socket is full'])(
    'closes the stream of a client that leaves %s',
    async (when) => {
      let aborted = false;
      let closed = false;
      const big = when === 'while it waits' ? 'x' : 'x'.repeat(1024 * 1024);
      await start(async function* ({ signal }) {
        signal!.addEventListener('abort', () => (aborted = true));
        try {
          yield [snapshot(1)];
          if (big.length === 1) await new Promise((resolve) => signal!.addEventListener('abort', resolve));
          else for (let seq = 2; ; seq++) yield [chunk(seq, big)];
        } finally {
          closed = true;
        }
      });
      const response = await call('SubscribeToTask');
      await once(response, 'readable');
      await soon(50);
      expect(closed).toBe(false);
      response.destroy();
      await until(() => aborted && closed);
    },
  );

  it('does not tell a finished stream that its client has left', async () => {
    let signal: AbortSignal | undefined;
    await start(async function* (options) {
      signal = options.signal;
      yield [snapshot(1, true)];
    });
    await textOf(await call('SubscribeToTask'));
    await soon(20);
    expect(signal?.aborted).toBe(false);
  });

  it('sends the headers of CORS with a stream', async () => {
    await start(
      async function* () {
        yield [snapshot(1, true)];
      },
      { configure: (app) => app.enableCors({ origin: 'https://client.example' }) },
    );
    const response = await call('SubscribeToTask', { origin: 'https://client.example' });
    expect(response.headers['access-control-allow-origin']).toBe('https://client.example');
    await textOf(response);
  });
});
