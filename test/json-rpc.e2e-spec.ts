import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Task } from '../src/protocol/model/index.js';
import { Gate, agentOf } from './support/agent-of.js';
import { type RpcAnswer, V10, textMessage, v03Message } from './support/rpc.client.js';
import { ADAPTERS, STORAGES, TestApp } from './support/test-app.js';
import { violatedFields } from './support/violations.js';

const SETUPS = STORAGES.map((storage, i) => ({ storage, adapter: ADAPTERS[i % ADAPTERS.length]! }));
const V03 = {};

/** `{"a":{"a":…{}…}}`: `levels` objects within each other. */
const nested = (levels: number): object =>
  JSON.parse('{"a":'.repeat(levels - 1) + '{}' + '}'.repeat(levels - 1)) as object;

describe.each(SETUPS)('JSON-RPC on $adapter with $storage', ({ storage, adapter }) => {
  let app: TestApp;
  let token = new Gate();
  beforeAll(async () => {
    const agent = agentOf(async ({ userText, message, metadata }, updater) => {
      if (userText === 'wait') await token.opened;
      if (userText === 'throw') throw new Error('the secret of the agent');
      const echoed = { ...message.metadata, request: metadata };
      await updater.startWork('on it', { metadata: { task: echoed } });
      await updater.addArtifact(
        message.parts.map((part) => ({ ...part })),
        { artifactId: 'echo', metadata: { artifact: echoed } },
      );
    });
    app = await TestApp.start({ storage, adapter, agents: [agent] });
  });
  afterAll(() => app.close());

  async function raw(body: string, headers: Record<string, string> = V10): Promise<RpcAnswer<Record<string, unknown>>> {
    const response = await fetch(app.origin, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });
    expect(response.headers.get('content-type')).toMatch(/^application\/json/);
    return (await response.json()) as RpcAnswer;
  }
  const stored = async (): Promise<number> =>
    (await app.rpc().result<{ totalSize: number }>('ListTasks', { pageSize: 1 })).totalSize;
  const sent = async (params: object): Promise<Task> =>
    (await app.rpc().result<{ task: Task }>('SendMessage', params)).task;

  describe('ids', () => {
    it.each([0, '', -1, 'a', 9007199254740991, 1.5, '\u0000', '"}', null])(
      'echoes %j with a result and with each error',
      async (id) => {
        const call = (rest: object, headers?: Record<string, string>) =>
          raw(JSON.stringify({ jsonrpc: '2.0', id, ...rest }), headers);
        expect(await call({ method: 'ListTasks', params: {} })).toMatchObject({ jsonrpc: '2.0', id, result: {} });
        const errors: [number, Promise<RpcAnswer>][] = [
          [-32601, call({ method: 'Nothing' })],
          [-32602, call({ method: 'GetTask', params: [] })],
          [-32602, call({ method: 'GetTask', params: {} })],
          [-32600, call({ method: 5 })],
          [-32600, call({ jsonrpc: '1.0', method: 'GetTask' })],
          [-32001, call({ method: 'GetTask', params: { id: 'x' } })],
          [-32001, call({ method: 'SubscribeToTask', params: { id: 'x' } })],
          [-32009, call({ method: 'GetTask', params: { id: 'x' } }, { 'a2a-version': '99.0' })],
          [-32009, call({ method: 'GetTask', params: { id: 'x' } }, V03)],
          [-32001, call({ method: 'tasks/get', params: { id: 'x' } }, V03)],
          [-32001, call({ method: 'tasks/resubscribe', params: { id: 'x' } }, V03)],
        ];
        for (const [code, answer] of errors)
          expect(await answer).toMatchObject({ jsonrpc: '2.0', id, error: { code } });
      },
    );

    it('are null where there is none to echo', async () => {
      for (const body of [
        '{',
        '[]',
        '[{"jsonrpc":"2.0","id":1}]',
        '5',
        'null',
        '"x"',
        '{}',
        '{"id":{},"jsonrpc":"2.0"}',
      ]) {
        expect(await raw(body)).toMatchObject({
          jsonrpc: '2.0',
          id: null,
          error: { code: body === '{' ? -32700 : -32600 },
        });
      }
    });
  });

  describe('text that cannot be stored', () => {
    const bad = ['a\u0000b', 'a\ud800b', '\udc00'];
    const places: [field: string, fields: (text: string) => Record<string, unknown>][] = [
      ['message.messageId', (text) => ({ messageId: text })],
      ['message.contextId', (text) => ({ contextId: text })],
      ['message.taskId', (text) => ({ taskId: text })],
      ['message.parts[0].text', (text) => ({ parts: [{ text }] })],
      ['message.parts[1].data.deep[0]', (text) => ({ parts: [{ text: 'x' }, { data: { deep: [text] } }] })],
      ['message.parts[0].filename', (text) => ({ parts: [{ text: 'x', filename: text }] })],
      ['message.metadata.a.b', (text) => ({ metadata: { a: { b: text } } })],
      ['message.metadata.a', (text) => ({ metadata: { a: { [text]: 1 } } })],
      ['message.extensions[0]', (text) => ({ extensions: [text] })],
      ['message.referenceTaskIds[0]', (text) => ({ referenceTaskIds: [text] })],
    ];
    it.each(places)('is refused in %s, by that name, and nothing is stored', async (field, fields) => {
      const before = await stored();
      for (const text of bad) {
        // JSON.stringify escapes a lone surrogate; that is how it comes over the wire.
        const answer = await app.rpc().call('SendMessage', { message: textMessage('x', fields(text)) });
        expect(violatedFields(answer)).toEqual([field]);
      }
      expect(await stored()).toBe(before);
    });

    it('is refused in ids of tasks, in filters and in the tenant', async () => {
      for (const text of bad) {
        for (const method of ['GetTask', 'CancelTask', 'SubscribeToTask']) {
          expect(violatedFields(await app.rpc().call(method, { id: text }))).toEqual(['id']);
        }
        expect(violatedFields(await app.rpc().call('ListTasks', { contextId: text }))).toEqual(['contextId']);
        expect(violatedFields(await app.rpc().call('ListTasks', { tenant: text }))).toEqual(['tenant']);
        expect((await app.rpc().call('ListTasks', { pageToken: text })).error?.code).toBe(-32602);
      }
    });

    it('is taken, and comes back as it was, where it is only strange', async () => {
      const text = '\u0001\u2028\ufeff\ufffd\ud83d\ude00"\\\b\r\n</script>';
      const parts = [{ text, metadata: { [text]: text } }];
      const { id } = await sent({ message: textMessage('', { parts, metadata: { __proto: { constructor: 1 } } }) });
      const task = await app.rpc().result<Task>('GetTask', { id });
      expect(task.history?.[0]?.parts).toEqual(parts);
      expect(task.artifacts?.[0]?.parts).toEqual(parts);
    });
  });

  it('refuses what is nested too deep, by the field or as no JSON, and takes what is deep enough', async () => {
    const { id } = await sent({ message: textMessage('x', { metadata: nested(50) }) });
    expect((await app.rpc().result<Task>('GetTask', { id })).history?.[0]?.metadata).toEqual(nested(50));
    const [field] = violatedFields(
      await app.rpc().call('SendMessage', { message: textMessage('x', { metadata: nested(100) }) }),
    );
    expect(field).toMatch(/^message\.metadata\.a\.a/);
    for (const [open, close] of [
      ['[', ']'],
      ['{"a":', '}'],
    ] as const) {
      const deep = open.repeat(100_000) + '1' + close.repeat(100_000);
      const answer = await raw(`{"jsonrpc":"2.0","id":1,"method":"GetTask","params":{"id":"x","metadata":${deep}}}`);
      expect(answer).toMatchObject({ id: null, error: { code: -32700 } });
    }
  });

  it('J9: ignores fields that it does not know, and stores nothing of them', async () => {
    const message = { ...textMessage('x', { parts: [{ text: 'x', shape: 'round' }] }), mood: 'good', kind: 'message' };
    const { id } = await sent({ message, extra: 1, configuration: { extra: true } });
    const task = await app.rpc().result<Task>('GetTask', { id, extra: true });
    expect(JSON.stringify(task)).not.toMatch(/round|good|extra|kind/);
    const { result } = await raw('{"jsonrpc":"2.0","id":1,"method":"ListTasks","params":{},"extra":1}');
    expect(result).toBeDefined();
  });

  it('carries metadata both ways in both versions, without touching it', async () => {
    const metadata = {
      a: 1,
      kind: 'x',
      role: 'user',
      nested: { kind: 'data', text: null, list: [1.5, 'TASK_STATE_WORKING', {}] },
    };
    const partMetadata = { part: { kind: 'text', mimeType: 'x' } };
    const v10 = await sent({
      message: textMessage('', { parts: [{ text: 'hi', metadata: partMetadata }], metadata }),
      metadata: { of: 'the request' },
    });
    const v03 = await app.rpc(undefined, V03).result<Task & { id: string }>('message/send', {
      message: v03Message('', { parts: [{ kind: 'text', text: 'hi', metadata: partMetadata }], metadata }),
      metadata: { of: 'the request' },
    });
    const echoed = { ...metadata, request: { of: 'the request' } };
    const expected = {
      metadata: { task: echoed },
      artifacts: [{ metadata: { artifact: echoed }, parts: [{ text: 'hi', metadata: partMetadata }] }],
    };
    for (const id of [v10.id, v03.id]) {
      const asV10 = await app.rpc().result<Task>('GetTask', { id });
      const asV03 = await app.rpc(undefined, V03).result<Task>('tasks/get', { id });
      for (const task of [asV10, asV03]) {
        expect(task).toMatchObject(expected);
        expect(task.history?.[0]).toMatchObject({ metadata, parts: [{ metadata: partMetadata }] });
        expect(task.history?.[0]?.metadata).toEqual(metadata);
      }
    }
  });

  it('takes keys that JavaScript gives a meaning as what they are', async () => {
    const metadata = JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":2},"toString":3}') as object;
    const { id } = await sent({ message: textMessage('x', { metadata, parts: [{ data: metadata, metadata }] }) });
    for (const task of [
      await app.rpc().result<Task>('GetTask', { id }),
      await app.rpc(undefined, V03).result<Task>('tasks/get', { id }),
    ]) {
      const [message] = task.history ?? [];
      for (const place of [message?.metadata, message?.parts[0]?.metadata, task.artifacts?.[0]?.parts[0]?.metadata]) {
        expect(JSON.stringify(place)).toBe(JSON.stringify(metadata));
      }
    }
    expect({}).not.toHaveProperty('polluted');
  });

  describe('blocking in v0.3', () => {
    const send = (configuration?: object): Promise<{ id: string; status: { state: string } }> =>
      app.rpc(undefined, V03).result('message/send', { message: v03Message('wait'), configuration });

    it('X7: false answers at once, true and nothing said wait for the end', async () => {
      token = new Gate();
      const now = await send({ blocking: false });
      expect(now.status.state).toBe('submitted');
      const waiting = [send({ blocking: true }), send(), send({})];
      token.open();
      for (const task of await Promise.all(waiting)) expect(task.status.state).toBe('completed');
    });
  });

  it.each<[method: string, headers: Record<string, string>, query: string, code: number | undefined]>([
    ['ListTasks', {}, '', -32009],
    ['ListTasks', { 'a2a-version': '0.3' }, '', -32009],
    ['ListTasks', { 'a2a-version': '1.0' }, '', undefined],
    ['ListTasks', { 'a2a-version': '1.0.1' }, '', undefined],
    ['ListTasks', { 'a2a-version': ' 1.0 ' }, '', undefined],
    ['ListTasks', { 'a2a-version': '99.0' }, '', -32009],
    ['ListTasks', { 'a2a-version': '1' }, '', -32009],
    ['ListTasks', { 'a2a-version': 'v1.0' }, '', -32009],
    ['ListTasks', {}, '?A2A-Version=1.0', undefined],
    ['ListTasks', {}, '?A2A-Version=0.3', -32009],
    ['ListTasks', { 'a2a-version': '1.0' }, '?A2A-Version=99.0', undefined],
    ['tasks/get', { 'a2a-version': '1.0' }, '', -32009],
    ['tasks/get', { 'a2a-version': '0.3' }, '', -32001],
    ['tasks/get', {}, '', -32001],
    ['tasks/get', {}, '?A2A-Version=99.0', -32009],
  ])('%s with %j and %j is answered with error %s', async (method, headers, query, code) => {
    const rpc = app.rpc(undefined, headers);
    const response = await fetch(rpc.url + query, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { id: 'x' } }),
    });
    expect(response.status).toBe(200);
    expect(((await response.json()) as RpcAnswer).error?.code).toBe(code);
  });

  it("never shows the text of an agent's error", async () => {
    const rpc = app.rpc();
    const answers = [
      await rpc.call('SendMessage', { message: textMessage('throw') }),
      await (await rpc.stream('SendStreamingMessage', { message: textMessage('throw') })).all(),
      await app.rpc(undefined, V03).call('message/send', { message: v03Message('throw') }),
      await rpc.call('ListTasks', { includeArtifacts: true, status: 'TASK_STATE_FAILED' }),
    ];
    const text = JSON.stringify(answers);
    expect(text).toContain('TASK_STATE_FAILED');
    expect(text).toMatch(/Incident [0-9a-f-]{36}/);
    expect(text).not.toMatch(/secret|\.[jt]s:\d/);
  });
});
