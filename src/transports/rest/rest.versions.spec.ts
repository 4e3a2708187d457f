import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { message, PROTO_TASK, protoMessage, RestHarness, TASK } from '../../../test/support/rest-harness.js';
import { ADAPTERS } from '../../../test/support/transport-app.js';

/** `A2A-Version`, the path, and the answer: a version, or an error in a version's form. */
const TABLE = [
  ['1.0', '/tasks/x', '1.0'],
  ['1.0.1', '/tasks/x', '1.0'],
  [' 1.0 ', '/tasks/x', '1.0'],
  ['', '/tasks/x', 'error in 1.0'],
  ['0.3', '/tasks/x', 'error in 0.3'],
  ['2.0', '/tasks/x', 'error in 1.0'],
  ['nonsense', '/tasks/x', 'error in 1.0'],
  ['', '/tasks/x?A2A-Version=1.0', '1.0'],
  ['1.0', '/tasks/x?A2A-Version=0.3', '1.0'],
  ['0.3', '/tasks/x?A2A-Version=1.0', 'error in 0.3'],
  ['', '/v1/tasks/x', '0.3'],
  ['0.3', '/v1/tasks/x', '0.3'],
  ['0.3.0', '/v1/tasks/x', '0.3'],
  ['', '/v1/tasks/x?A2A-Version=0.3', '0.3'],
  ['1.0', '/v1/tasks/x', 'error in 1.0'],
  ['', '/v1/tasks/x?A2A-Version=1.0', 'error in 1.0'],
  ['2.0', '/v1/tasks/x', 'error in 1.0'],
] as const;

describe.each(ADAPTERS)('X2, J1, J2: versions over HTTP+JSON on %s', (adapter) => {
  const harness = new RestHarness(adapter);
  const { call } = harness;

  beforeAll(() => harness.start());
  afterAll(() => harness.stop());

  it.each(TABLE)("A2A-Version '%s' on %s: %s", async (version, path, expected) => {
    const { status, headers, body } = await call('GET', path, undefined, { 'a2a-version': version });
    const type = headers.get('content-type');
    if (expected === '1.0' || expected === '0.3') {
      expect(status).toBe(200);
      expect(harness.seen?.context.protocolVersion).toBe(expected);
      expect(body).toEqual(expected === '1.0' ? TASK : PROTO_TASK);
      expect(type).toBe(expected === '1.0' ? 'application/a2a+json' : 'application/json');
      return;
    }
    expect(status).toBe(400);
    expect(harness.seen).toBeUndefined();
    if (expected === 'error in 0.3') {
      expect(type).toBe('application/json');
      expect(body).toMatchObject({ code: -32009, data: { reason: 'VERSION_NOT_SUPPORTED' } });
    } else {
      expect(type).toBe('application/a2a+json');
      expect(body).toMatchObject({
        error: { code: 400, status: 'FAILED_PRECONDITION', details: [{ reason: 'VERSION_NOT_SUPPORTED' }] },
      });
    }
  });

  it('says which version an address is of', async () => {
    const { body } = await call('POST', '/message:send', { message: message('hi') }, { 'a2a-version': '' });
    expect(body).toMatchObject({
      error: { message: expect.stringMatching(/^POST \/message:send is an address of A2A 1\.0/) },
    });
  });

  it('takes the requests of each version in its form, and answers in it', async () => {
    const v10 = await call('POST', '/message:send', { message: message('hi') });
    expect(v10.body).toEqual({ task: TASK });
    expect(harness.seen?.request).toEqual({ message: message('hi') });
    const v03 = await call('POST', '/v1/message:send', { message: protoMessage('hi') }, { 'a2a-version': '' });
    expect(v03.body).toEqual({ task: PROTO_TASK });
    expect(harness.seen?.request).toEqual({ message: message('hi') });
  });

  it('lists as each version does', async () => {
    const page = { tasks: [TASK], nextPageToken: '', pageSize: 50, totalSize: 1 };
    expect((await call('GET', '/tasks')).body).toEqual(page);
    expect((await call('GET', '/v1/tasks', undefined, { 'a2a-version': '' })).body).toEqual([PROTO_TASK]);
  });
});

describe.each(ADAPTERS)('settings of HTTP+JSON on %s', (adapter) => {
  const harness = new RestHarness(adapter);
  const { call } = harness;

  it('serves v1.0 without a version when it is lenient', async () => {
    await harness.start({ options: { lenientVersion: true } });
    expect((await call('GET', '/tasks/x', undefined, { 'a2a-version': '' })).body).toEqual(TASK);
    expect((await call('GET', '/tasks/x', undefined, { 'a2a-version': '0.3' })).status).toBe(400);
    expect((await call('GET', '/v1/tasks/x', undefined, { 'a2a-version': '' })).body).toEqual(PROTO_TASK);
    await harness.stop();
  });

  it.each([true, false])(
    'X7: lets v0.3 sends without a configuration wait when v03Blocking is %s',
    async (blocking) => {
      await harness.start({ options: { v03Blocking: blocking } });
      const send = async (configuration?: object) => {
        const body = { message: protoMessage('hi'), ...(configuration && { configuration }) };
        await call('POST', '/v1/message:send', body, { 'a2a-version': '' });
        return (harness.seen?.request as { configuration?: { returnImmediately?: boolean } }).configuration;
      };
      expect((await send())?.returnImmediately).toBe(blocking ? undefined : true);
      // An explicit configuration without it means false: proto serialisers omit false.
      expect((await send({}))?.returnImmediately).toBe(true);
      expect((await send({ blocking: true }))?.returnImmediately).toBe(false);
      await harness.stop();
    },
  );
});
