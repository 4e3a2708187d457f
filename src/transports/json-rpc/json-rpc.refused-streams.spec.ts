import { afterEach, describe, expect, it } from '@jest/globals';
import { taskNotFound, unauthenticated } from '../../protocol/errors/index.js';
import { ADAPTERS, startTransportApp, type TransportApp } from '../../../test/support/transport-app.js';

const EVENTS = 'text/event-stream';

describe.each(ADAPTERS)('a stream that is refused over JSON-RPC on %s', (adapter) => {
  let running: TransportApp | undefined;
  afterEach(async () => {
    await running?.app.close();
    running = undefined;
  });

  const start = async (error: Error): Promise<void> => {
    const handler = { subscribeToTask: () => Promise.reject(error), getTask: () => Promise.reject(error) };
    running = await startTransportApp(adapter, { handler });
  };

  const call = async (method: string, accept: string, id = 't1') => {
    const response = await fetch(running!.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'a2a-version': method.includes('/') ? '0.3' : '1.0', accept },
      body: JSON.stringify({ jsonrpc: '2.0', id: 7, method, params: { id } }),
    });
    return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
  };

  it.each([EVENTS, ' Text/Event-Stream ; q=1'])(
    'is one event with the error for a v0.3 client that accepts "%s", and nothing else',
    async (accept) => {
      await start(taskNotFound('t1'));
      const { status, type, text } = await call('tasks/resubscribe', accept);
      expect([status, type]).toEqual([200, expect.stringMatching(/^text\/event-stream/)]);
      const [, data = ''] = /^data: (.*)\n\n$/.exec(text) ?? [];
      expect(JSON.parse(data)).toMatchObject({ jsonrpc: '2.0', id: 7, error: { code: -32001 } });
      const wrong = await call('tasks/resubscribe', accept, '');
      expect(JSON.parse(wrong.text.slice('data: '.length))).toMatchObject({ error: { code: -32602 } });
    },
  );

  it.each([
    ['tasks/resubscribe', '*/*'],
    ['tasks/resubscribe', 'application/json'],
    ['tasks/resubscribe', `${EVENTS}, application/json`],
    ['tasks/get', EVENTS],
    ['SubscribeToTask', EVENTS],
    ['no/method', EVENTS],
  ])('is an ordinary answer for %s to who accepts %s', async (method, accept) => {
    await start(taskNotFound('t1'));
    const { status, type, text } = await call(method, accept);
    expect([status, type]).toEqual([200, 'application/json']);
    expect(JSON.parse(text)).toMatchObject({ jsonrpc: '2.0', id: 7, error: { code: expect.any(Number) as unknown } });
  });

  it('keeps the status of a caller who must log in', async () => {
    await start(unauthenticated('Who are you?'));
    const { status, type } = await call('tasks/resubscribe', EVENTS);
    expect([status, type]).toEqual([401, 'application/json']);
  });
});
