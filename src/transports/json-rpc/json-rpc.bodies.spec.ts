import { afterEach, describe, expect, it } from '@jest/globals';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { RpcHarness, TASK, message, V1 } from '../../../test/support/rpc-harness.js';
import { ADAPTERS } from '../../../test/support/transport-app.js';

describe.each(ADAPTERS)('JSON-RPC request bodies on %s', (adapter) => {
  const harness = new RpcHarness(adapter);
  const { start, raw, rpc } = harness;

  afterEach(() => harness.stop());

  it.each(['application/json; charset=utf-8', 'application/a2a+json', 'Application/JSON'])(
    'J4: takes %s',
    async (type) => {
      await start();
      expect((await rpc('GetTask', { id: 't1' }, { 'content-type': type })).status).toBe(200);
    },
  );

  it.each([
    'text/plain',
    'text/html',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'nonsense',
    'application/jsonp',
  ])('answers %s with the status and code of the table of errors, in both versions', async (type) => {
    await start();
    const { status, body } = await rpc('GetTask', { id: 't1' }, { 'content-type': type });
    expect(status).toBe(400);
    const data = [{ reason: 'CONTENT_TYPE_NOT_SUPPORTED' }];
    expect(body).toMatchObject({ jsonrpc: '2.0', id: null, error: { code: -32005, data } });
    const older = await rpc('tasks/get', { id: 't1' }, { 'content-type': type, 'a2a-version': '' });
    expect([older.status, older.body.error?.code]).toEqual([400, -32005]);
  });

  it('answers a compressed body with 415 and a JSON-RPC error', async () => {
    await start();
    const { status, body } = await rpc('GetTask', { id: 't1' }, { 'content-encoding': 'gzip' });
    expect(status).toBe(415);
    expect(body.error?.code).toBe(-32600);
  });

  it('takes a body of 150 kB, and one of exactly the limit', async () => {
    await start({ options: { bodyLimitBytes: 200_000 } });
    expect((await rpc('SendMessage', { message: message('x'.repeat(150_000)) })).status).toBe(200);
    const padded = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'GetTask', params: { id: 't1' } }).padEnd(
      200_000,
      ' ',
    );
    expect((await raw(padded)).body.result).toEqual(TASK);
  });

  it('answers a body over the limit with 413 and a JSON-RPC error, whether its length is declared or not', async () => {
    await start({ options: { bodyLimitBytes: 100_000 } });
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'GetTask', params: { id: 'x'.repeat(150_000) } });
    const declared = await raw(body);
    expect(declared.status).toBe(413);
    expect(declared.body).toMatchObject({ jsonrpc: '2.0', id: null, error: { code: -32600 } });
    const chunked = await new Promise<{ status?: number; text: string }>((resolve, reject) => {
      const outgoing = httpRequest(harness.app.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...V1 },
      });
      outgoing.on('error', reject).on('response', (response) => {
        let text = '';
        response
          .on('data', (chunk) => (text += String(chunk)))
          .on('end', () => resolve({ status: response.statusCode, text }));
      });
      for (let at = 0; at < body.length; at += 10_000) outgoing.write(body.slice(at, at + 10_000));
      outgoing.end();
    });
    expect(chunked.status).toBe(413);
    expect(JSON.parse(chunked.text)).toMatchObject({ error: { code: -32600 } });
    expect((await rpc('GetTask', { id: 't1' })).status).toBe(200);
  });

  it('answers a huge upload before it has arrived', async () => {
    await start({ options: { bodyLimitBytes: 1000 } });
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(harness.app.port, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.on('data', (chunk) => {
        resolve(String(chunk));
        socket.destroy();
      });
      socket.write(
        `POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 99999999\r\n\r\n{"a`,
      );
    });
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
  });

  it('survives an upload that is broken off', async () => {
    await start();
    await new Promise<void>((resolve) => {
      const socket = connect(harness.app.port, '127.0.0.1', () => {
        socket.write(
          'POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"a',
        );
        setTimeout(() => socket.destroy(), 20);
      });
      socket.on('close', () => resolve());
    });
    expect((await rpc('GetTask', { id: 't1' })).status).toBe(200);
  });
});
