import { afterEach, describe, expect, it } from '@jest/globals';
import { scriptAgent } from './conformance/support/script.agent.js';
import { ALL_SETUPS, ConformanceServer, type Setup } from './conformance/support/setups.js';
import { callersBy } from './support/callers-by.js';
import { V10 } from './support/rpc.client.js';
import { ADAPTERS } from './support/test-app.js';

const BINDINGS = [...new Map(ALL_SETUPS.map(([, { binding }]) => [JSON.stringify(binding), binding])).values()];
const alice = { 'x-user': 'alice' };

describe.each(ADAPTERS)('calls per minute, on %s', (adapter) => {
  let server: ConformanceServer;
  afterEach(() => server.close());

  const start = async (maxCallsPerMinute: number): Promise<void> => {
    const setup: Setup = { ...ALL_SETUPS[0]![1], adapter, storage: 'memory' };
    server = await ConformanceServer.start(setup, {
      agents: [scriptAgent(), callersBy('x-user')],
      authenticate: ({ headers }) => ({ owner: headers['x-user'] ?? 'nobody' }),
      limits: { maxCallsPerMinute },
    });
  };
  const call = (path: string, method = 'GET', body?: string): Promise<Response> =>
    fetch(`${server.app.origin}${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...V10, ...alice },
      ...(body !== undefined && { body }),
    });
  const list = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ListTasks', params: {} });

  it('are one budget of a caller over all bindings, which no other caller uses', async () => {
    expect(BINDINGS.length).toBeGreaterThan(4);
    // A call is given back after a minute.
    await start(1);
    for (const used of BINDINGS) {
      const caller = { 'x-user': `user ${BINDINGS.indexOf(used)}` };
      await server.client(caller, used).send('echo hi');
      for (const binding of BINDINGS) {
        expect(await server.client(caller, binding).failure('GetTask', { id: 'none' })).toMatchObject({
          reason: 'RESOURCE_EXHAUSTED',
          message: expect.stringContaining('more than 1 calls per minute'),
        });
      }
    }
  });

  it('are told in headers: what is left, and when there is more', async () => {
    await start(2);
    const first = await call('/', 'POST', list);
    expect(first.status).toBe(200);
    expect(first.headers.get('ratelimit-policy')).toBe('"calls";q=2;w=60');
    // A call is given back after 30 s.
    expect(first.headers.get('ratelimit')).toBe('"calls";r=1;t=30');
    const second = await call('/tasks');
    expect(second.status).toBe(200);
    expect(second.headers.get('ratelimit')).toMatch(/^"calls";r=0;t=(5\d|60)$/);
    const refused = [await call('/', 'POST', list), await call('/tasks'), await call('/tasks/none/events')];
    for (const response of refused) {
      expect(response.status).toBe(429);
      const seconds = Number(response.headers.get('retry-after'));
      expect(seconds).toBeGreaterThan(0);
      expect(seconds).toBeLessThanOrEqual(30);
      expect(response.headers.get('ratelimit')).toMatch(/^"calls";r=0;t=\d+$/);
    }
    expect(await refused[0]!.json()).toMatchObject({ jsonrpc: '2.0', error: { code: -32049 } });
    expect(await refused[1]!.json()).toMatchObject({ error: { code: 429, status: 'RESOURCE_EXHAUSTED' } });
    expect((await call('/.well-known/agent-card.json')).status).toBe(200);
  });

  it('have no limit unless one is set, and no headers', async () => {
    await start(0);
    for (let n = 0; n < 50; n++) {
      const response = await call('/tasks');
      await response.text();
      expect([response.status, response.headers.get('ratelimit')]).toEqual([200, null]);
    }
  });
});
