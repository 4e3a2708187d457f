import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { agentOf } from './support/agent-of.js';
import { ADAPTERS, TestApp } from './support/test-app.js';

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

  it('asks it of no other method', async () => {
    const { text } = await call('GetTask', { id: 'x' }, { 'a2a-version': '1.0' });
    expect(JSON.parse(text)).toMatchObject({ error: { code: -32001 } });
  });
});
