import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RestHarness } from '../../../test/support/rest-harness.js';
import { ADAPTERS } from '../../../test/support/transport-app.js';

const NO_VERSION = { 'a2a-version': '' };
const WITHIN = '&A2A-Version=1.0';

describe.each(ADAPTERS)('J8: queries of HTTP+JSON on %s', (adapter) => {
  const harness = new RestHarness(adapter);
  const { call } = harness;

  beforeAll(() => harness.start());
  afterAll(() => harness.stop());

  it.each([
    ['/tasks?contextId=c&pageSize=7&pageToken=p', { contextId: 'c', pageSize: 7, pageToken: 'p' }],
    ['/tasks?context_id=c&page_size=7&include_artifacts=true', { contextId: 'c', pageSize: 7, includeArtifacts: true }],
    ['/tasks?includeArtifacts=false&historyLength=0', { includeArtifacts: false, historyLength: 0 }],
    ['/tasks?status=TASK_STATE_WORKING', { status: 'TASK_STATE_WORKING' }],
    ['/tasks?status=3', { status: 'TASK_STATE_COMPLETED' }],
    ['/tasks?status=TASK_STATE_UNSPECIFIED', {}],
    ['/tasks?status=0', {}],
    ['/tasks?contextId=', {}],
    ['/tasks?contextId=123', { contextId: '123' }],
    ['/tasks?contextId=true', { contextId: 'true' }],
    ['/tasks?contextId=a+b%20c%26d%C3%BC', { contextId: 'a b c&dü' }],
    ['/tasks?statusTimestampAfter=2026-01-02T03:04:05Z', { statusTimestampAfter: '2026-01-02T03:04:05Z' }],
    [`/tasks?pageSize=3${WITHIN}`, { pageSize: 3 }],
    ['/tasks?unknown=1&pageSize=3', { pageSize: 3 }],
    ['/tasks?tenant=acme', { tenant: 'acme' }],
    ['/tasks/x?historyLength=0', { id: 'x', historyLength: 0 }],
    ['/tasks/x?history_length=2', { id: 'x', historyLength: 2 }],
    ['/tasks/x?id=x&tenant=acme', { id: 'x', tenant: 'acme' }],
    ['/tasks/x:subscribe?tenant=acme', { id: 'x', tenant: 'acme' }],
  ])('reads %s', async (path, request) => {
    expect((await call('GET', path)).status).toBe(200);
    expect(harness.seen?.request).toStrictEqual(request);
  });

  it.each([
    ['/tasks/x?historyLength=abc', 'historyLength'],
    ['/tasks/x?historyLength=-1', 'historyLength'],
    ['/tasks/x?historyLength=1.5', 'historyLength'],
    ['/tasks/x?historyLength=', 'historyLength'],
    ['/tasks/x?historyLength=1&historyLength=2', 'historyLength'],
    ['/tasks?includeArtifacts=yes', 'includeArtifacts'],
    ['/tasks?pageSize=0', 'pageSize'],
    ['/tasks?status=working', 'status'],
    ['/tasks?status=99', 'status'],
    ['/tasks?contextId=a&contextId=b', 'contextId'],
    ['/tasks?statusTimestampAfter=yesterday', 'statusTimestampAfter'],
    ['/tasks/x?id=y', 'id'],
    ['/acme/tasks?tenant=globex', 'tenant'],
    [`/tasks/${'x'.repeat(90)}%00`, 'id'],
  ])('refuses %s, naming the field', async (path, field) => {
    const { status, body } = await call('GET', path);
    expect(status).toBe(400);
    const violation = { '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [{ field }] };
    expect(body).toMatchObject({
      error: { status: 'INVALID_ARGUMENT', details: [{ reason: 'INVALID_PARAMS' }, violation] },
    });
    expect(harness.seen).toBeUndefined();
  });

  it('reads those of v0.3 alike', async () => {
    await call('GET', '/v1/tasks/x?historyLength=3', undefined, NO_VERSION);
    expect(harness.seen?.request).toStrictEqual({ id: 'x', historyLength: 3 });
    await call('GET', '/v1/tasks?status=TASK_STATE_CANCELLED&page_size=2', undefined, NO_VERSION);
    expect(harness.seen?.request).toStrictEqual({ status: 'TASK_STATE_CANCELED', pageSize: 2 });
    const { status, body } = await call('GET', '/v1/tasks/x?history_length=abc', undefined, NO_VERSION);
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: -32602, data: { violations: [{ field: 'history_length' }] } });
  });

  it('answers what is percent-encoded wrongly with 400, and shows nothing of the inside', async () => {
    for (const path of ['/tasks/%zz', '/%ff/tasks', '/tasks/%c3%28:cancel']) {
      const { status, text } = await call('GET', path);
      expect(status).toBe(400);
      expect(text).not.toMatch(/node_modules|\.js|at /);
    }
    expect((await call('GET', '/tasks/x?historyLength=%zz')).status).toBe(400);
  });
});
