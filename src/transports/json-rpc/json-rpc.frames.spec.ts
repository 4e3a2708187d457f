import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { type IncomingMessage, request as httpRequest } from 'node:http';
import { chunksOf } from '../../../test/support/chunk.client.js';
import {
  ADAPTERS,
  fakeAgent,
  startTransportApp,
  type TransportApp,
  type TransportAppOptions,
} from '../../../test/support/transport-app.js';
import { RESUME_EXTENSION } from '../../agents/cards/resume.extension.js';
import { PulledIterator } from '../../events/pulled.iterator.js';
import type { Task } from '../../protocol/model/index.js';
import type { ItemStream, StreamItem } from '../../request-handler/request-handler.interface.js';
import { CommittedEvent } from '../../tasks/committed-event.js';
import { TaskDocument } from '../../tasks/task-document.js';

const TASK: Task = { id: 't1', contextId: 'c1', status: { state: 'TASK_STATE_WORKING' } };
const snapshot = (seq: number, final = false): StreamItem => ({
  type: 'snapshot',
  document: TaskDocument.of(TASK),
  seq,
  final,
});
const chunk = (seq: number, text: string, final = false): StreamItem => {
  const data = JSON.stringify({ artifact: { artifactId: 'a', parts: [{ text }] }, append: true });
  return { type: 'event', seq, final, event: new CommittedEvent('t1', 'c1', seq, 'artifact', data) };
};

describe.each(ADAPTERS)('frames of JSON-RPC streams on %s', (adapter) => {
  let running: TransportApp | undefined;
  afterEach(async () => {
    await running?.app.close();
    running = undefined;
  });

  const start = async (open: () => ItemStream, more: Partial<TransportAppOptions> = {}) => {
    running = await startTransportApp(adapter, { handler: { subscribeToTask: async () => open() }, ...more });
  };
  const requestOf = (method: string) => ({ jsonrpc: '2.0', id: 1, method, params: { id: 't1' } });
  const versionOf = (method: string) => (method.includes('/') ? '0.3' : '1.0');
  const call = async (method: string, more: Record<string, string> = {}): Promise<IncomingMessage> => {
    const headers = { 'content-type': 'application/json', 'a2a-version': versionOf(method), ...more };
    const outgoing = httpRequest(running!.url, { method: 'POST', headers });
    outgoing.end(JSON.stringify(requestOf(method)));
    return ((await once(outgoing, 'response')) as [IncomingMessage])[0];
  };
  const textOf = async (response: IncomingMessage): Promise<string> => (await response.toArray()).join('');

  it('gives events ids in v1.0, and in v0.3 to callers that know of them', async () => {
    const agents = [fakeAgent('echo', { default: true, extensions: [RESUME_EXTENSION] })];
    await start(
      async function* () {
        yield [snapshot(7, true)];
      },
      { agents },
    );
    const uri = RESUME_EXTENSION.uri;
    for (const [method, headers, id] of [
      ['SubscribeToTask', {}, '7'],
      ['tasks/resubscribe', {}, undefined],
      ['tasks/resubscribe', { 'x-a2a-extensions': 'urn:other' }, undefined],
      ['tasks/resubscribe', { 'x-a2a-extensions': `urn:other, ${uri}` }, '7'],
      ['tasks/resubscribe', { 'a2a-extensions': uri }, '7'],
      ['tasks/resubscribe', { 'last-event-id': '6' }, '7'],
      ['tasks/resubscribe', { 'last-event-id': '' }, '7'],
    ] as const) {
      const text = await textOf(await call(method, headers));
      expect([method, headers, /^id: (.*)$/m.exec(text)?.[1]]).toEqual([method, headers, id]);
    }
  });

  it.each(['SubscribeToTask', 'tasks/resubscribe'])(
    'sends each event of a batch in a chunk of its own: %s',
    async (method) => {
      const batch = [snapshot(1), ...Array.from({ length: 20 }, (_, i) => chunk(i + 2, 'é'.repeat(i * 100)))];
      await start(async function* () {
        yield batch;
        yield [chunk(22, 'last', true)];
      });
      const version = versionOf(method);
      const chunks = await chunksOf(running!.url, requestOf(method), { 'a2a-version': version });
      expect(chunks).toHaveLength(22);
      for (const text of chunks)
        expect(text).toMatch(version === '0.3' ? /^data: [^\n]*\n\n$/ : /^id: \d+\ndata: [^\n]*\n\n$/);
    },
  );

  it('lets other streams go on between the events of a long batch', async () => {
    const batch = Array.from({ length: 200 }, (_, i) => chunk(i + 1, 'x'));
    let turns = 0;
    await start(async function* () {
      const count = (): void => void (turns++, (counter = setImmediate(count)));
      let counter = setImmediate(count);
      yield batch;
      clearImmediate(counter);
    });
    await textOf(await call('SubscribeToTask'));
    expect(turns).toBeGreaterThanOrEqual(batch.length - 1);
  });

  it('answers 204 without a body where nothing can follow', async () => {
    let left = false;
    const nothing = new PulledIterator<StreamItem[]>(
      () => Promise.resolve(undefined),
      () => (left = true),
    );
    await start(() => Object.assign(nothing, { empty: true }));
    for (const method of ['SubscribeToTask', 'tasks/resubscribe']) {
      const response = await call(method, { 'last-event-id': '7' });
      expect([response.statusCode, response.headers['content-type']]).toEqual([204, undefined]);
      expect(await textOf(response)).toBe('');
    }
    expect(left).toBe(true);
  });
});
