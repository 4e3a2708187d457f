import { afterEach, describe, expect, it } from '@jest/globals';
import { RestHarness, message, protoMessage } from '../../../test/support/rest-harness.js';
import { SseStream } from '../../../test/support/sse.client.js';
import { ADAPTERS } from '../../../test/support/transport-app.js';
import { PulledIterator } from '../../events/pulled.iterator.js';
import { taskNotFound, unavailable } from '../../protocol/errors/index.js';
import type { Task, TaskState } from '../../protocol/model/index.js';
import type { ItemStream, StreamItem } from '../../request-handler/request-handler.interface.js';
import { CommittedEvent } from '../../tasks/committed-event.js';
import { TaskDocument } from '../../tasks/task-document.js';

const WORKING: Task = {
  id: 't1',
  contextId: 'c1',
  status: { state: 'TASK_STATE_WORKING', timestamp: '2026-01-01T00:00:00.000Z' },
};
const snapshot = (seq: number): StreamItem => ({
  type: 'snapshot',
  document: TaskDocument.of(WORKING),
  seq,
  final: false,
});
const status = (seq: number, state: TaskState, final = false): StreamItem => {
  const data = JSON.stringify({ status: { state } });
  return { type: 'event', seq, final, event: new CommittedEvent('t1', 'c1', seq, 'status', data, state) };
};
const chunk = (seq: number, part: object): StreamItem => {
  const data = JSON.stringify({ artifact: { artifactId: 'a', parts: [part] }, append: true });
  return { type: 'event', seq, final: false, event: new CommittedEvent('t1', 'c1', seq, 'artifact', data) };
};

/** v0.3 callers that understand ids say so. */
const NUMBERED = { 'last-event-id': '' };
const FORMS = [
  { version: '1.0', path: '', headers: { 'a2a-version': '1.0' }, body: { message: message('hi') } },
  { version: '0.3', path: '/v1', headers: {}, body: { message: protoMessage('hi') } },
] as const;
const SETUPS = ADAPTERS.flatMap((adapter) => FORMS.map((form) => ({ adapter, ...form })));

describe.each(SETUPS)('streams of HTTP+JSON $version on $adapter', ({ adapter, version, path, headers, body }) => {
  const harness = new RestHarness(adapter);

  afterEach(() => harness.stop());

  const start = (open: () => ItemStream | Promise<ItemStream>, keepAliveMs = 15_000) =>
    harness.start({
      options: { keepAliveMs },
      handler: {
        sendStreamingMessage: () => Promise.resolve(open()),
        subscribeToTask: () => Promise.resolve(open()),
      },
    });
  const post = (more: Record<string, string> = {}): Promise<SseStream> =>
    SseStream.post(`${harness.app.url}${path}/message:stream`, body, { ...headers, ...more });

  it('E10: sends each item as one event with its seq as id, in the form of the version', async () => {
    await start(async function* () {
      yield [snapshot(1)];
      yield [chunk(2, { url: 'https://x.example/ü' }), status(3, 'TASK_STATE_CANCELED', true)];
    });
    const stream = await post(NUMBERED);
    expect(stream.status).toBe(200);
    expect(stream.response.headers).toMatchObject({ 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' });
    const events = await stream.all();
    expect(events.map(({ id, event }) => [id, event])).toEqual([
      ['1', undefined],
      ['2', undefined],
      ['3', undefined],
    ]);
    const parts =
      version === '1.0' ? [{ url: 'https://x.example/ü' }] : [{ file: { fileWithUri: 'https://x.example/ü' } }];
    const last =
      version === '1.0'
        ? { status: { state: 'TASK_STATE_CANCELED' } }
        : { status: { state: 'TASK_STATE_CANCELLED' }, final: true };
    expect(events.map(({ data }) => JSON.parse(data) as unknown)).toEqual([
      { task: WORKING },
      { artifactUpdate: { taskId: 't1', contextId: 'c1', artifact: { artifactId: 'a', parts }, append: true } },
      { statusUpdate: { taskId: 't1', contextId: 'c1', ...last } },
    ]);
  });

  it('makes the body of an event once for all readers', async () => {
    const event = chunk(2, { text: 'x' });
    const bodies = new Set<Buffer>();
    if (event.type === 'event') {
      const make = event.event.body.bind(event.event);
      event.event.body = (...given) => {
        const made = make(...given);
        bodies.add(made);
        return made;
      };
    }
    await start(async function* () {
      yield [snapshot(1), event, status(3, 'TASK_STATE_COMPLETED', true)];
    });
    const texts = await Promise.all([1, 2, 3].map(async () => (await (await post()).all()).map(({ data }) => data)));
    expect(texts[1]).toEqual(texts[0]);
    expect(texts[2]).toEqual(texts[0]);
    expect(bodies.size).toBe(1);
  });

  it('answers an error before the first event as an ordinary one', async () => {
    await start(() => Promise.reject(taskNotFound('t1')));
    const stream = await post();
    expect(stream.status).toBe(404);
    expect(stream.response.headers['content-type']).toMatch(/json$/);
    let text = '';
    for await (const part of stream.response) text += String(part);
    const expected = version === '1.0' ? { error: { code: 404, status: 'NOT_FOUND' } } : { code: -32001 };
    expect(JSON.parse(text)).toMatchObject(expected);
  });

  it('sends an error in the middle as the last event, without an id, named error', async () => {
    await start(async function* () {
      yield [snapshot(1)];
      throw unavailable('The database is unreachable.', new Error('password=hunter2'));
    });
    const events = await (await post()).all();
    expect(events).toHaveLength(2);
    const { id, event, data } = events[1]!;
    expect([id, event]).toEqual([undefined, 'error']);
    const expected =
      version === '1.0'
        ? { error: { code: 503, status: 'UNAVAILABLE', message: 'The database is unreachable.' } }
        : { code: -32053, message: 'The database is unreachable.' };
    expect(JSON.parse(data)).toMatchObject(expected);
    expect(data).not.toContain('hunter2');
  });

  it('has no ids in v0.3 for callers that say nothing of them', async () => {
    await start(async function* () {
      yield [snapshot(1), status(2, 'TASK_STATE_COMPLETED', true)];
    });
    const events = await (await post()).all();
    expect(events.map(({ id }) => id)).toEqual(version === '1.0' ? ['1', '2'] : [undefined, undefined]);
  });

  it('answers 204 without a body where nothing can follow, by GET and by POST', async () => {
    await start(() => {
      const nothing = new PulledIterator<StreamItem[]>(
        () => Promise.resolve(undefined),
        () => undefined,
      );
      return Object.assign(nothing, { empty: true });
    });
    for (const [method, address] of [
      ['GET', 'tasks/t1:subscribe'],
      ['POST', 'tasks/t1:subscribe'],
      ['POST', 'message:stream'],
    ]) {
      const json = address === 'message:stream' && { body: JSON.stringify(body) };
      const type = { 'content-type': 'application/json', 'last-event-id': '7' };
      const response = await fetch(`${harness.app.url}${path}/${address}`, {
        ...{ method, headers: { ...headers, ...type } },
        ...json,
      });
      expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([204, null, '']);
    }
  });

  it('subscribes by GET and by POST', async () => {
    await start(async function* () {
      yield [snapshot(4), status(5, 'TASK_STATE_COMPLETED', true)];
    });
    for (const method of ['GET', 'POST']) {
      const response = await fetch(`${harness.app.url}${path}/tasks/t1:subscribe`, {
        method,
        headers: { ...headers, ...NUMBERED },
      });
      expect(response.headers.get('content-type')).toBe('text/event-stream');
      expect((await response.text()).match(/^id: \d+$/gm)).toEqual(['id: 4', 'id: 5']);
    }
  });

  it('passes Last-Event-ID on, and an empty one as none', async () => {
    await harness.start();
    await (await post({ 'last-event-id': '7' })).all();
    expect(harness.seen?.lastEventId).toBe('7');
    await (await post({ 'last-event-id': '' })).all();
    expect(harness.seen?.lastEventId).toBeUndefined();
  });

  it('sends comments while nothing happens, and ends the stream of a client that leaves', async () => {
    let closed: () => void;
    const ended = new Promise<void>((resolve) => (closed = resolve));
    let open: () => void;
    const opened = new Promise<void>((resolve) => (open = resolve));
    await start(async function* () {
      try {
        yield [snapshot(1)];
        await opened;
        yield [status(2, 'TASK_STATE_WORKING')];
      } finally {
        closed();
      }
    }, 20);
    const stream = await post();
    let text = '';
    for await (const part of stream.response.setEncoding('utf8') as AsyncIterable<string>) {
      text += part;
      if (text.includes(': keep-alive')) break;
    }
    expect(text).toMatch(/^(id: 1\n)?data: \{"task":.*\}\n\n: keep-alive\n\n/);
    stream.close();
    open!();
    await ended;
  });
});
