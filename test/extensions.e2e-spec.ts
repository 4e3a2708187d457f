import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AgentCard, Task } from '../src/protocol/model/index.js';
import { RESUME_EXTENSION_URI } from '../src/agents/cards/resume.extension.js';
import { agentOf } from './support/agent-of.js';
import { type RpcClient, V10, textMessage, v03Message } from './support/rpc.client.js';
import { ADAPTERS, STORAGES, TestApp } from './support/test-app.js';

const URI = 'https://example.com/ext/traced';
const message = { messageId: 'm', role: 'ROLE_USER', parts: [{ text: 'hi' }] };
const older = { kind: 'message', messageId: 'm', role: 'user', parts: [{ kind: 'text', text: 'hi' }] };

describe.each(ADAPTERS)('an agent that requires an extension, on %s', (adapter) => {
  let app: TestApp;
  beforeAll(async () => {
    const agent = agentOf((_context, updater) => updater.complete('done'), {
      extensions: [{ uri: URI, required: true }],
    });
    app = await TestApp.start({ adapter, agents: [agent] });
  });
  afterAll(() => app.close());

  async function call(method: string, params: object, headers: Record<string, string>) {
    const response = await fetch(app.origin, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    });
    return { headers: response.headers, text: await response.text() };
  }

  it.each([
    ['SendMessage', message, '1.0'],
    ['SendStreamingMessage', message, '1.0'],
    ['message/send', older, '0.3'],
    ['message/stream', older, '0.3'],
  ])('refuses %s of a client that does not declare it', async (method, sent, version) => {
    const { text } = await call(method, { message: sent }, { 'a2a-version': version, 'a2a-extensions': 'urn:other' });
    const { id, error } = JSON.parse(text) as { id: unknown; error: { code: number; data: unknown } };
    expect([id, error.code]).toEqual([1, -32008]);
    const about = { reason: 'EXTENSION_SUPPORT_REQUIRED', metadata: { extensions: URI } };
    expect(error.data).toMatchObject(version === '1.0' ? [about] : about);
  });

  it.each([
    ['SendMessage', { ...message, messageId: 'm1' }, '1.0', 'A2A-Extensions'],
    ['message/stream', { ...older, messageId: 'm2' }, '0.3', 'X-A2A-Extensions'],
  ])('serves %s of a client that declares it, and says so', async (method, sent, version, header) => {
    const { headers, text } = await call(method, { message: sent }, { 'a2a-version': version, [header]: `x, ${URI}` });
    expect(text).toContain('"result"');
    expect(headers.get(header)).toBe(URI);
  });

  it('refuses to resume the stream of a message for a client that does not declare it', async () => {
    const headers = { 'a2a-version': '1.0', 'last-event-id': '0' };
    const { text } = await call('SendStreamingMessage', { message: { ...message, messageId: 'm1' } }, headers);
    expect(JSON.parse(text)).toMatchObject({ error: { code: -32008 } });
  });

  it('asks it of no other method', async () => {
    const { text } = await call('GetTask', { id: 'x' }, { 'a2a-version': '1.0' });
    expect(JSON.parse(text)).toMatchObject({ error: { code: -32001 } });
  });
});

const VERSIONS = [
  { version: '1.0', header: 'A2A-Extensions', send: 'SendMessage', stream: 'SendStreamingMessage', hello: textMessage },
  { version: '0.3', header: 'X-A2A-Extensions', send: 'message/send', stream: 'message/stream', hello: v03Message },
] as const;
const SETUPS = ADAPTERS.flatMap((adapter) => VERSIONS.map((version) => ({ adapter, ...version })));

describe.each(SETUPS)('extensions in v$version on $adapter', ({ adapter, version, header, send, stream, hello }) => {
  let app: TestApp;
  beforeAll(async () => {
    const agent = agentOf(({ activatedExtensions }, updater) => updater.complete(activatedExtensions.join(' ')), {
      extensions: [{ uri: 'urn:a' }, { uri: 'urn:b', params: { b: 1 } }],
    });
    app = await TestApp.start({ adapter, agents: [agent] });
  });
  afterAll(() => app.close());

  async function call(method: string, asked?: Record<string, string>) {
    const response = await fetch(app.origin, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'a2a-version': version, ...asked },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { message: hello('hi') } }),
    });
    const text = await response.text();
    const echo = (name: string): string | null => response.headers.get(name);
    return { echo, seen: /"text":"((?:urn:\w+ ?)*)"/.exec(text.slice(text.lastIndexOf('"status"')))?.[1], text };
  }

  it.each([send, stream])('%s: those that the card has are active, in the answer and for the agent', async (method) => {
    const { echo, seen } = await call(method, { [header]: ' urn:b,urn:none , urn:a,urn:b' });
    expect(echo(header)).toBe('urn:a, urn:b');
    expect(seen).toBe('urn:a urn:b');
  });

  it.each([send, stream])('%s: none is active that nobody asked for, or of another version', async (method) => {
    for (const asked of [undefined, { [header]: 'urn:A,urn:a/v2,' }]) {
      const { echo, seen } = await call(method, asked);
      expect(echo('A2A-Extensions') ?? echo('X-A2A-Extensions')).toBeNull();
      expect(seen).toBe('');
    }
  });

  it('X21: both names of the header are read, and the answer uses the one of the asker', async () => {
    for (const [name, other] of [
      ['A2A-Extensions', 'X-A2A-Extensions'],
      ['X-A2A-Extensions', 'A2A-Extensions'],
    ] as const) {
      const { echo } = await call(send, { [name]: 'urn:b' });
      expect([echo(name), echo(other)]).toEqual(['urn:b', null]);
    }
  });

  it('errors say too which are active', async () => {
    const response = await fetch(app.origin, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'a2a-version': version, [header]: 'urn:a' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: send, params: {} }),
    });
    expect(response.headers.get(header)).toBe('urn:a');
  });
});

describe.each(STORAGES)('the turns of a task on %s', (storage) => {
  let app: TestApp;
  afterAll(() => app.close());

  it('each have the extensions and the version that their own message asked for', async () => {
    const seen: unknown[] = [];
    const agent = agentOf(
      async ({ turn, caller, activatedExtensions }, updater) => {
        seen.push([turn, caller.protocolVersion, activatedExtensions]);
        await (turn === 3 ? updater.complete() : updater.requiresInput());
      },
      { extensions: [{ uri: 'urn:a' }] },
    );
    app = await TestApp.start({ storage, agents: [agent] });
    const rpc = app.rpc();
    const asking = app.rpc(undefined, { ...V10, 'a2a-extensions': 'urn:a' });
    const v03: RpcClient = app.rpc(undefined, {});
    const first = await rpc.result<{ task: Task }>('SendMessage', { message: textMessage('one') });
    const taskId = first.task.id;
    await asking.result('SendMessage', { message: textMessage('two', { taskId }) });
    await v03.result('message/send', { message: v03Message('three', { taskId }) });
    expect(seen).toEqual([
      [1, '1.0', []],
      [2, '1.0', ['urn:a']],
      [3, '0.3', []],
    ]);
  });
});

describe('the card of an agent', () => {
  it('says whether a message may be sent again', async () => {
    const noop = async (): Promise<void> => undefined;
    const agents = [agentOf(noop), agentOf(noop, { id: 'either', default: false, replies: 'either' })];
    for (const deduplicateMessages of [true, false]) {
      const app = await TestApp.start({ agents, execution: { deduplicateMessages } });
      const idempotent = async (path: string): Promise<unknown> => {
        const response = await fetch(`${app.origin}${path}/.well-known/agent-card.json`, { headers: V10 });
        const { capabilities } = (await response.json()) as AgentCard;
        return capabilities.extensions?.find(({ uri }) => uri === RESUME_EXTENSION_URI)?.params?.['idempotentMessages'];
      };
      expect(await idempotent('')).toBe(deduplicateMessages);
      expect(await idempotent('/agents/either')).toBe(false);
      await app.close();
    }
  });

  it('declares its own extensions and, when it streams, that its streams resume', async () => {
    const own = { uri: 'urn:a', description: 'd', required: true, params: { a: [1] } };
    const noop = async (): Promise<void> => undefined;
    const app = await TestApp.start({
      agents: [
        agentOf(noop, { extensions: [own] }),
        agentOf(noop, { id: 'still', default: false, streaming: false, extensions: [own] }),
      ],
    });
    const extensionsOf = async (path: string, headers: Record<string, string>): Promise<unknown> => {
      const response = await fetch(`${app.origin}${path}/.well-known/agent-card.json`, { headers });
      return ((await response.json()) as AgentCard).capabilities.extensions;
    };
    const resume = expect.objectContaining({ uri: RESUME_EXTENSION_URI, params: expect.any(Object) as unknown });
    for (const version of [V10, { 'A2A-Version': '0.3' }, {}]) {
      expect(await extensionsOf('', version)).toEqual([own, resume]);
      expect(await extensionsOf('/agents/still', version)).toEqual([own]);
    }
    await app.close();
  });
});
