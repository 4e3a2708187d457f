import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { connect } from 'node:net';
import { RpcHarness, TASK, V1 } from '../../../test/support/rpc-harness.js';
import { ADAPTERS } from '../../../test/support/transport-app.js';

describe.each(ADAPTERS)('JSON-RPC on %s', (adapter) => {
  const harness = new RpcHarness(adapter);
  const { start, rpc } = harness;

  afterEach(() => harness.stop());

  it.each([
    ['Nothing', '1.0', -32601],
    ['GetTask', '99.0', -32009],
    ['GetTask', '', -32009],
    ['CreateTaskPushNotificationConfig', '1.0', -32003],
    ['GetTask', '1.0', -32602],
    ['tasks/get', '', -32602],
  ])('looks at the method and its version before its params: %s, A2A-Version "%s"', async (method, version, code) => {
    await start();
    const { body } = await rpc(method, [], { 'a2a-version': version });
    expect(body).toMatchObject({ id: 1, error: { code } });
  });

  it('names params that are no object as the field, in both forms', async () => {
    await start();
    const violation = { field: 'params', description: 'must be an object' };
    expect((await rpc('GetTask', [])).body.error?.data).toContainEqual(
      expect.objectContaining({ fieldViolations: [violation] }),
    );
    expect((await rpc('message/send', 'x', { 'a2a-version': '' })).body.error?.data).toMatchObject({
      violations: [violation],
    });
  });

  it('takes the whole url in the request line, as proxies write it', async () => {
    await start({ options: { allowedHosts: ['agents.example'] } });
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'GetTask', params: { id: 't1' } });
    const socket = connect(harness.app.port, '127.0.0.1');
    socket.end(
      `POST http://agents.example/agents/other HTTP/1.1\r\nHost: agents.example\r\nConnection: close\r\n` +
        `Content-Type: application/json\r\nA2A-Version: ${V1['a2a-version']}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    let answer = '';
    socket.on('data', (chunk) => (answer += String(chunk)));
    await once(socket, 'close');
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toEqual({ jsonrpc: '2.0', id: 1, result: TASK });
  });
});
