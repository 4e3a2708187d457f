import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { keysCommand } from '../src/cli/keys/keys.command.js';
import { A2aAuthModule, apiKeys, newApiKey, STORED_API_KEYS, type StoredApiKeys } from '../src/index.js';
import type { A2aStorage } from '../src/storage/a2a-storage.interface.js';
import { memoryStorage } from '../src/storage/memory.storage.js';
import { agentOf } from './support/agent-of.js';
import { textMessage, V10 } from './support/rpc.client.js';
import { ServiceFleet } from './support/service.fleet.js';
import type { ServiceProcess } from './support/service.process.js';
import { ADAPTERS, TestApp, type TestAppOptions } from './support/test-app.js';
import { until } from '../src/testing/contracts/until.js';

async function call(agent: string, key: string): Promise<Response> {
  return fetch(`${agent}/message:send`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...V10, 'x-api-key': key },
    body: JSON.stringify({ message: textMessage('echo hi') }),
  });
}
const status = async (agent: string, key: string): Promise<number> => (await call(agent, key)).status;

describe('two processes with API keys in their Postgres', () => {
  let fleet: ServiceFleet;
  let services: readonly ServiceProcess[];
  beforeAll(async () => {
    fleet = await ServiceFleet.create({ A2A_API_KEYS: 'storage', A2A_REQUIRED_SCOPES: 'use', A2A_AUDIT: 'database' });
    services = [await fleet.start({ HTTP_ADAPTER: 'express' }), await fleet.start({ HTTP_ADAPTER: 'fastify' })];
  });
  afterAll(() => fleet.remove());

  const statuses = (key: string): Promise<number[]> =>
    Promise.all(services.map(({ origin }) => status(`${origin}/agents/lab`, key)));
  const keys = (...args: string[]): Promise<string> => keysCommand.run([...args, '--database-url', fleet.database.url]);
  const added = async (...args: string[]): Promise<string> => (await keys('add', ...args)).split('\n')[0]!;
  const query = async (text: string): Promise<Record<string, unknown>[]> => {
    const client = new pg.Client({ connectionString: fleet.database.url });
    await client.connect();
    return (await client.query<Record<string, unknown>>(text)).rows.concat(await client.end().then(() => []));
  };

  it('accept a key that the command has added, and show its tasks to its owner only', async () => {
    const [alice, bob] = [await added('--owner', 'alice', '--scopes', 'use'), await added('--owner', 'bob', '--scopes', 'use')];
    expect(await statuses(alice)).toEqual([200, 200]);
    const [first, second] = services.map(({ origin }) => `${origin}/agents/lab`) as [string, string];
    const { task } = (await (await call(first, alice)).json()) as { task: { id: string } };
    const read = async (key: string): Promise<number> =>
      (await fetch(`${second}/tasks/${task.id}`, { headers: { ...V10, 'x-api-key': key } })).status;
    expect([await read(alice), await read(bob)]).toEqual([200, 404]);
  }); // prettier-ignore

  it('refuse a revoked key within seconds, while it calls all the time', async () => {
    const key = await added('--owner', 'ci', '--scopes', 'use', '--name', 'nightly');
    expect(await statuses(key)).toEqual([200, 200]);
    const [, id = ''] = key.split('_');
    expect(await keys('revoke', id)).toBe(`The key ${id} is revoked. Servers refuse it within 5 seconds.`);
    await until(async () => (await statuses(key)).every((each) => each === 401));
    expect(await keys('list')).toMatch(new RegExp(`${id} +revoked +ci +- +use +never +nightly`));
    await expect(keys('revoke', '0123456789abcdef')).rejects.toThrow('The storage has no key 0123456789abcdef');
  });

  it('refuse keys that have expired, lack a scope, or are not the stored ones', async () => {
    const [expiring, scopeless] = [await added('--owner', 'x', '--scopes', 'use', '--expires', '1h'), await added('--owner', 'x')];
    expect(await statuses(expiring)).toEqual([200, 200]);
    const [, id = ''] = expiring.split('_');
    await query(`update a2a_api_key set record = (record::jsonb || '{"expiresAt":"2020-01-01T00:00:00.000Z"}')::text where key_id = '${id}'`);
    await until(async () => (await statuses(expiring)).every((each) => each === 401));
    expect(await statuses(scopeless)).toEqual([403, 403]);
    const forged = scopeless.slice(0, -3) + [...scopeless.slice(-3)].map((letter) => (letter === 'A' ? 'B' : 'A')).join('');
    for (const other of [forged, newApiKey().key, 'anything']) expect(await statuses(other)).toEqual([401, 401]);
  }); // prettier-ignore

  it('store no key, and record who added and revoked which', async () => {
    const before = process.env.A2A_AUDIT;
    process.env.A2A_AUDIT = 'database';
    const key = await added('--owner', 'audited', '--scopes', 'use').finally(() => {
      if (before === undefined) delete process.env.A2A_AUDIT;
      else process.env.A2A_AUDIT = before;
    });
    const [, id = ''] = key.split('_');
    // There may be more underscores in the secret.
    const secret = key.slice(`a2a_${id}_`.length);
    const [stored] = await query(`select record from a2a_api_key where key_id = '${id}'`);
    expect(String(stored?.['record'])).not.toContain(secret);
    const records = await query(`select record from a2a_audit where record like '%"add-key"%'`);
    expect(records.map(({ record }) => JSON.parse(String(record)) as object)).toEqual([
      expect.objectContaining({ action: 'add-key', subject: 'audited', outcome: 'ok', binding: 'cli' }),
    ]);
  });
});

describe("apiKeys({ store: 'storage' })", () => {
  const agents = [agentOf((_context, updater) => updater.complete('done'))];
  const serve = (options: Partial<TestAppOptions> = {}): Promise<TestApp> =>
    TestApp.start({
      agents,
      imports: [A2aAuthModule.forRoot({ authenticators: [apiKeys({ store: 'storage' })] })],
      ...options,
    });

  it.each(ADAPTERS)('takes keys that the application itself adds, on %s', async (adapter) => {
    const app = await serve({ adapter, storage: 'memory' });
    try {
      const stored = app.app.get<StoredApiKeys>(STORED_API_KEYS, { strict: false });
      const { key, ...made } = newApiKey();
      await stored.add({ ...made, owner: 'alice' });
      expect([await status(app.origin, key), await status(app.origin, newApiKey().key)]).toEqual([200, 401]);
    } finally {
      await app.close();
    }
  });

  it('does not start on a storage without keys, and says what is missing', async () => {
    const plain: A2aStorage = {
      name: 'plain',
      shared: false,
      open: async (context) => {
        const { apiKeys: _apiKeys, ...stores } = await memoryStorage().open(context);
        return stores;
      },
    };
    await expect(serve({ on: plain })).rejects.toThrow(
      "The storage 'plain' has no `apiKeys` (StoredApiKeys). Add what is missing to what its open() returns, or keep API keys elsewhere",
    );
  });
});
