import { afterEach, describe, expect, it } from '@jest/globals';
import { Body, Controller, Post } from '@nestjs/common';
import { RpcHarness, TASK, message, v03Message } from '../../../test/support/rpc-harness.js';
import { ADAPTERS, fakeAgent } from '../../../test/support/transport-app.js';
import { A2AError } from '../../protocol/errors/index.js';

describe.each(ADAPTERS)('JSON-RPC over HTTP on %s', (adapter) => {
  const harness = new RpcHarness(adapter);
  const { start, raw, rpc } = harness;

  afterEach(() => harness.stop());

  it('answers a call with HTTP 200 and the result in the form of v1.0', async () => {
    await start();
    const { status, headers, body } = await rpc('SendMessage', { message: message('hi') });
    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/^application\/json/);
    expect(body).toEqual({ jsonrpc: '2.0', id: 1, result: { task: TASK } });
    expect(harness.seen.request?.message.parts).toEqual([{ text: 'hi' }]);
    expect(harness.seen.context).toMatchObject({
      owner: 'anonymous',
      tenant: '',
      agent: 'echo',
      protocolVersion: '1.0',
    });
  });

  it.each([0, '', null, 'x', -1, 1.5, 9007199254740991])('echoes the id %j as it was sent', async (id) => {
    await start();
    expect((await rpc('GetTask', { id: 't1' }, {}, '/', id)).body).toEqual({ jsonrpc: '2.0', id, result: TASK });
    expect((await rpc('GetTask', { id: 'nope' }, {}, '/', id)).body.id).toBe(id);
    expect((await rpc('Nothing', {}, {}, '/', id)).body).toMatchObject({ id, error: { code: -32601 } });
  });

  it('routes by agent, and answers 404 with a JSON-RPC error for an agent that is not there', async () => {
    await start();
    await rpc('SendMessage', { message: message('hi') }, {}, '/agents/other');
    expect(harness.seen.context?.agent).toBe('other');
    const { status, body } = await rpc('GetTask', { id: 't1' }, {}, '/agents/none');
    expect(status).toBe(404);
    expect(body).toMatchObject({
      jsonrpc: '2.0',
      id: null,
      error: { code: -32600, message: expect.stringContaining('none') },
    });
  });

  it('says that there is no default agent when there is none', async () => {
    await start({ agents: [fakeAgent('only')] });
    expect((await rpc('GetTask', { id: 't1' })).status).toBe(404);
    expect((await rpc('GetTask', { id: 't1' }, {}, '/agents/only')).status).toBe(200);
  });

  it('serves its routes below a path and a global prefix, and leaves other paths to their parsers', async () => {
    @Controller('a2a/own')
    class OwnController {
      @Post()
      echo(@Body() body: unknown): unknown {
        return { body };
      }
    }
    await start({
      options: { path: '/a2a' },
      metadata: { controllers: [OwnController] },
      configure: (app) => app.setGlobalPrefix('api'),
    });
    expect((await rpc('GetTask', { id: 't1' }, {}, '/api/a2a')).body.result).toEqual(TASK);
    expect((await rpc('GetTask', { id: 't1' }, {}, '/api/a2a/agents/echo')).body.result).toEqual(TASK);
    expect((await raw('{"a":[1]}', {}, '/api/a2a/own')).body).toEqual({ body: { a: [1] } });
    const form = await raw('a=1&b=2', { 'content-type': 'application/x-www-form-urlencoded' }, '/api/a2a/own');
    expect(form.body).toEqual({ body: { a: '1', b: '2' } });
    expect((await raw('{"a":', {}, '/api/a2a/own')).status).toBe(400);
  });

  it.each([
    ['no JSON', '{"jsonrpc":', -32700],
    ['an empty body', '', -32700],
    ['a body that is not UTF-8', new Uint8Array([0x7b, 0xff, 0x7d]), -32700],
    ['a batch', '[{"jsonrpc":"2.0","id":1,"method":"GetTask"}]', -32600],
    ['an empty batch', '[]', -32600],
    ['a text', '"GetTask"', -32600],
    ['null', 'null', -32600],
    ['no jsonrpc', '{"id":1,"method":"GetTask"}', -32600],
    ['another jsonrpc', '{"jsonrpc":"1.0","id":1,"method":"GetTask"}', -32600],
    ['no method', '{"jsonrpc":"2.0","id":1}', -32600],
    ['a method that is a number', '{"jsonrpc":"2.0","id":1,"method":1}', -32600],
    ['a notification', '{"jsonrpc":"2.0","method":"GetTask","params":{"id":"t1"}}', -32600],
    ['a notification of no method', '{"jsonrpc":"2.0","method":"Get","params":{}}', -32601],
    ['a notification with wrong params', '{"jsonrpc":"2.0","method":"GetTask","params":{"":1}}', -32602],
    ['an object as id', '{"jsonrpc":"2.0","id":{},"method":"GetTask"}', -32600],
    ['an id that a double cannot hold', '{"jsonrpc":"2.0","id":9007199254740993,"method":"GetTask"}', -32600],
    ['an endless id', '{"jsonrpc":"2.0","id":1e400,"method":"GetTask"}', -32600],
    ['a method that objects have', '{"jsonrpc":"2.0","id":1,"method":"__proto__"}', -32601],
    ['params that are a list', '{"jsonrpc":"2.0","id":1,"method":"GetTask","params":["t1"]}', -32602],
    ['params that are a text', '{"jsonrpc":"2.0","id":1,"method":"GetTask","params":"t1"}', -32602],
    ['no params where they are needed', '{"jsonrpc":"2.0","id":1,"method":"GetTask"}', -32602],
  ])('answers %s with HTTP 200 and the right code', async (_what, body, code) => {
    await start();
    const answer = await raw(body);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ jsonrpc: '2.0', error: { code } });
    expect(answer.body).toHaveProperty('id');
    expect(answer.body).not.toHaveProperty('result');
  });

  it('takes no harm from keys that objects inherit', async () => {
    await start();
    const params = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"id":"t1"}';
    const { body } = await raw(`{"jsonrpc":"2.0","id":1,"method":"GetTask","params":${params}}`);
    expect(body.result).toEqual(TASK);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it('refuses a body of a million nested lists and lives on', async () => {
    await start();
    const bomb = '['.repeat(1_000_000) + ']'.repeat(1_000_000);
    expect((await raw(bomb)).body).toMatchObject({ id: null, error: { code: -32700 } });
    expect((await rpc('GetTask', { id: 't1' })).status).toBe(200);
  });

  it('names the field of invalid params in the words of the client', async () => {
    await start();
    const { body } = await raw(
      JSON.stringify({
        jsonrpc: '2.0',
        id: 7,
        method: 'message/send',
        params: { message: { ...v03Message, parts: [] } },
      }),
      { 'a2a-version': '0.3' },
    );
    expect(body).toMatchObject({ id: 7, error: { code: -32602, data: { violations: [{ field: 'message.parts' }] } } });
  });

  it('shows nothing of an unexpected error', async () => {
    await start({ handler: { getTask: () => Promise.reject(new Error('password=hunter2')) } });
    const { status, body } = await rpc('GetTask', { id: 't1' });
    expect(status).toBe(200);
    expect(body.error).toMatchObject({ code: -32603, message: 'Internal error' });
    expect(JSON.stringify(body)).not.toContain('hunter2');
  });

  it('sends Retry-After with an error that says when to come again', async () => {
    const busy = new A2AError('UNAVAILABLE', 'Busy', { retryAfter: 1.2 });
    await start({ handler: { getTask: () => Promise.reject(busy) } });
    const { status, headers, body } = await rpc('GetTask', { id: 't1' });
    expect([status, headers.get('retry-after'), body.error?.code]).toEqual([503, '2', -32053]);
  });

  it.each(['GET', 'PUT', 'PATCH', 'DELETE'])('answers %s with 405, Allow and JSON', async (method) => {
    await start();
    for (const path of ['/', '/agents/echo']) {
      const { status, headers, body } = await raw('{}', {}, path, method);
      expect(status).toBe(405);
      expect(headers.get('allow')).toBe('POST');
      expect(body.error?.code).toBe(-32600);
    }
  });
});
