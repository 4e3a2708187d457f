import { afterEach, describe, expect, it } from '@jest/globals';
import { type INestApplication, RequestMethod } from '@nestjs/common';
import { ADAPTERS, fakeAgent, startTransportApp, type TransportApp } from '../../../test/support/transport-app.js';

type Exclude = NonNullable<NonNullable<Parameters<INestApplication['setGlobalPrefix']>[1]>['exclude']>;
const all = RequestMethod.ALL;

/** `card`, `rpc` and `rest`: where the default agent must be. */
const CASES: readonly { exclude?: Exclude; card: string; rpc: string; rest: string }[] = [
  { card: '/api/a2a', rpc: '/api/a2a', rest: '/api/a2a' },
  { exclude: ['health'], card: '/api/a2a', rpc: '/api/a2a', rest: '/api/a2a' },
  { exclude: ['a2a', 'a2a/{*path}'], card: '/a2a', rpc: '/a2a', rest: '/a2a' },
  { exclude: ['/a2a{/*path}'], card: '/a2a', rpc: '/a2a', rest: '/a2a' },
  {
    exclude: [
      { path: 'a2a', method: all },
      { path: 'a2a/*path', method: all },
    ],
    card: '/a2a',
    rpc: '/a2a',
    rest: '/a2a',
  },
  { exclude: ['a2a/.well-known/agent-card.json'], card: '/a2a', rpc: '/api/a2a', rest: '/api/a2a' },
  { exclude: [{ path: 'a2a', method: RequestMethod.POST }], card: '/api/a2a', rpc: '/a2a', rest: '/api/a2a' },
];

describe.each(ADAPTERS)('a global prefix on %s', (adapter) => {
  let running: TransportApp | undefined;
  afterEach(async () => {
    await running?.app.close();
    running = undefined;
  });
  const start = async (exclude: Exclude | undefined): Promise<string> => {
    running = await startTransportApp(adapter, {
      handler: {},
      agents: [fakeAgent('echo', { default: true })],
      options: { path: '/a2a' },
      configure: (app) => void app.setGlobalPrefix('api', { exclude }),
    });
    return running.url;
  };

  it.each(CASES)('that excludes $exclude puts routes and the URLs of cards in the same place', async (expected) => {
    const url = await start(expected.exclude);
    const response = await fetch(`${url}${expected.card}/.well-known/agent-card.json`);
    expect(response.status).toBe(200);
    const { supportedInterfaces } = (await response.json()) as {
      supportedInterfaces: { url: string; protocolBinding: string }[];
    };
    const of = (binding: string) => supportedInterfaces.find(({ protocolBinding }) => protocolBinding === binding)?.url;
    expect([of('JSONRPC'), of('HTTP+JSON')]).toEqual([url + expected.rpc, url + expected.rest]);
    // Each is served there, and reads its body itself.
    const request = {
      method: 'POST',
      body: '{',
      headers: { 'content-type': 'application/json', 'a2a-version': '1.0' },
    };
    expect(await (await fetch(of('JSONRPC')!, request)).json()).toMatchObject({ error: { code: -32700 } });
    const rest = await fetch(`${of('HTTP+JSON')}/message:send`, request);
    expect(await rest.json()).toMatchObject({ error: { status: 'INVALID_ARGUMENT' } });
  });

  it('that excludes some addresses of a binding only fails the boot, with what to exclude', async () => {
    await expect(start(['a2a/tasks'])).rejects.toThrow(/excludes some routes.*exclude: \['a2a', 'a2a\/\{\*path\}'\]/);
  });
});
