import { afterEach, describe, expect, it } from '@jest/globals';
import { RpcHarness, TASK, v03Message } from '../../../test/support/rpc-harness.js';
import { ADAPTERS } from '../../../test/support/transport-app.js';

describe.each(ADAPTERS)('JSON-RPC versions on %s', (adapter) => {
  const harness = new RpcHarness(adapter);
  const { start, raw, rpc } = harness;

  afterEach(() => harness.stop());

  it('answers a v0.3 call in the form of v0.3', async () => {
    await start();
    const { body } = await raw(
      JSON.stringify({ jsonrpc: '2.0', id: 'a', method: 'message/send', params: { message: v03Message } }),
      {
        'a2a-version': '',
      },
    );
    expect(body.result).toMatchObject({ kind: 'task', id: 't1', status: { state: 'completed' } });
    expect(harness.seen.context?.protocolVersion).toBe('0.3');
  });

  it('J7, X22: gives errors in the form of the version', async () => {
    await start();
    const details = [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'TASK_NOT_FOUND' }];
    expect((await rpc('GetTask', { id: 'x' })).body.error).toMatchObject({ code: -32001, data: details });
    const older = await rpc('tasks/get', { id: 'x' }, { 'a2a-version': '' });
    expect(older.body.error).toMatchObject({ code: -32001, data: { reason: 'TASK_NOT_FOUND' } });
  });

  it.each([
    ['CreateTaskPushNotificationConfig', '1.0', -32003],
    ['tasks/pushNotificationConfig/set', '', -32003],
  ])('says of %s that it is not supported', async (method, version, code) => {
    await start();
    expect((await rpc(method, undefined, { 'a2a-version': version })).body.error?.code).toBe(code);
  });

  it.each([
    ['GetTask', '1.0', undefined],
    ['GetTask', '1.0.7', undefined],
    ['GetTask', '', -32009],
    ['GetTask', '0.3', -32009],
    ['GetTask', '99.0', -32009],
    ['GetTask', 'one', -32009],
    ['tasks/get', '', undefined],
    ['tasks/get', '0.3', undefined],
    ['tasks/get', '0.3.0', undefined],
    ['tasks/get', '1.0', -32009],
    ['Nothing', '99.0', -32009],
    ['nothing', '', -32601],
  ])('J1, X1: %s with A2A-Version "%s" is answered with error %s', async (method, version, code) => {
    await start();
    const { status, body } = await rpc(method, { id: 't1' }, { 'a2a-version': version });
    expect(status).toBe(200);
    expect(body.error?.code).toBe(code);
  });

  it('J1: takes the version from the query when no header says it', async () => {
    await start();
    expect((await rpc('GetTask', { id: 't1' }, { 'a2a-version': '' }, '/?A2A-Version=1.0')).body.result).toEqual(TASK);
  });

  it('serves v1.0 methods without a version when it is lenient', async () => {
    await start({ options: { lenientVersion: true } });
    expect((await rpc('GetTask', { id: 't1' }, { 'a2a-version': '' })).body.result).toEqual(TASK);
  });

  it('X7: lets the setting decide what a v0.3 send without `blocking` means', async () => {
    await start();
    const send = async (configuration?: object): Promise<unknown> => {
      await rpc('message/send', { message: v03Message, configuration }, { 'a2a-version': '' });
      return harness.seen.request?.configuration?.returnImmediately ?? false;
    };
    expect(await send()).toBe(false);
    expect(await send({ blocking: false })).toBe(true);
    await harness.stop();
    await start({ options: { v03Blocking: false } });
    expect(await send()).toBe(true);
    expect(await send({ blocking: true })).toBe(false);
  });
});
