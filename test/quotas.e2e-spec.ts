import { afterEach, describe, expect, it } from '@jest/globals';
import {
  ADMIN_STORE,
  type AdminStore,
  eraseOwner,
  LEGAL_HOLD_STORE,
  type LegalHoldStore,
  type QuotasOptions,
  TASK_STORE,
  type TaskStore,
} from '../src/index.js';
import { scriptAgent } from './conformance/support/script.agent.js';
import { ALL_SETUPS, ConformanceServer, type Setup } from './conformance/support/setups.js';
import { callersBy } from './support/callers-by.js';
import { textMessage, V10 } from './support/rpc.client.js';
import { ADAPTERS, STORAGES } from './support/test-app.js';
import { until } from '../src/testing/contracts/until.js';

const BINDINGS = [...new Map(ALL_SETUPS.map(([, { binding }]) => [JSON.stringify(binding), binding])).values()];
const ALICE = { 'x-user': 'alice' };
const BOB = { 'x-user': 'bob' };
const SETUPS = STORAGES.map((storage, i) => ({ storage, adapter: ADAPTERS[i % ADAPTERS.length]! }));

describe.each(SETUPS)('quotas of owners, on $adapter with $storage', ({ storage, adapter }) => {
  let server: ConformanceServer;
  afterEach(() => server.close());

  const start = async (quotas: QuotasOptions): Promise<void> => {
    const setup: Setup = { ...ALL_SETUPS[0]![1], adapter, storage };
    server = await ConformanceServer.start(setup, {
      agents: [scriptAgent(), callersBy('x-user')],
      authenticate: ({ headers }) => ({ owner: headers['x-user'] ?? 'nobody' }),
      quotas,
    });
  };
  const post = (headers: Record<string, string>): Promise<Response> =>
    fetch(`${server.app.origin}/message:send`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...V10, ...headers },
      body: JSON.stringify({ message: textMessage('echo hi') }),
    });

  it('refuse a new task over any binding when so many are stored, and tell how many are left', async () => {
    await start({ owners: { alice: { storedTasks: BINDINGS.length } } });
    for (const binding of BINDINGS) await server.client(ALICE, binding).send('echo hi');
    for (const binding of BINDINGS) {
      const request = { message: textMessage('echo hi') };
      expect(await server.client(ALICE, binding).failure('SendMessage', request)).toMatchObject({
        reason: 'RESOURCE_EXHAUSTED',
        message: expect.stringContaining(`You have ${BINDINGS.length} tasks stored, which is the limit.`),
      });
      await server.client(BOB, binding).send('echo hi');
    }
    const refused = await post(ALICE);
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('60');
    expect(refused.headers.get('ratelimit-policy')).toBe(`"stored-tasks";q=${BINDINGS.length}`);
    expect(refused.headers.get('ratelimit')).toBe('"stored-tasks";r=0');
    await refused.text();
    const free = await post(BOB);
    expect([free.status, free.headers.get('ratelimit')]).toEqual([200, null]);
    await free.text();
  });

  it('admit the owner again when tasks are gone', async () => {
    await start({ default: { storedTasks: 1 } });
    await server.client(ALICE, BINDINGS[0]!).send('echo hi');
    expect((await post(ALICE)).status).toBe(429);
    const of = <T>(token: symbol): T => server.app.app.get<T>(token, { strict: false });
    const stores = {
      admin: of<AdminStore>(ADMIN_STORE),
      tasks: of<TaskStore>(TASK_STORE),
      holds: of<LegalHoldStore>(LEGAL_HOLD_STORE),
    };
    expect(await eraseOwner(stores, { owner: 'alice' })).toMatchObject({ tasks: 1, remaining: 0 });
    await until(async () => (await post(ALICE)).status === 200);
  });

  it('refuse by bytes, and limit calls by owner', async () => {
    await start({
      default: { storedBytes: 10, callsPerMinute: 2 },
      owners: { bob: { storedBytes: 0, callsPerMinute: 0 } },
    });
    const refused = await post(ALICE);
    expect(refused.status).toBe(429);
    expect(await refused.text()).toContain('0 of 10 bytes stored');
    const next = await post(ALICE);
    expect(next.headers.get('ratelimit-policy')).toBe('"calls";q=2;w=60, "stored-bytes";q=10');
    expect(next.headers.get('ratelimit')).toMatch(/^"calls";r=0;t=\d+, "stored-bytes";r=10$/);
    expect(await (await post(ALICE)).text()).toContain('more than 2 calls per minute');
    for (let n = 0; n < 5; n++) expect((await post(BOB)).status).toBe(200);
  });
});

it('are refused at boot by the name of a wrong entry', async () => {
  const setup: Setup = { ...ALL_SETUPS[0]![1], storage: 'memory' };
  const start = ConformanceServer.start(setup, {
    agents: [scriptAgent()],
    quotas: { owners: { alice: { storedTask: 1 } as never } },
  });
  await expect(start).rejects.toThrow(/quotas\.owners\["alice"\]/);
});
