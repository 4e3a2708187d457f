import { afterEach, describe, expect, it } from '@jest/globals';
import { agentOf } from './support/agent-of.js';
import { type LossyProxy, openLossyProxy } from './support/lossy-proxy.js';
import { textMessage } from './support/rpc.client.js';
import { TestApp } from './support/test-app.js';
import { createTestDatabase, type TestDatabase } from './support/test-database.js';

const MIB = 1 << 20;
const SENDS = 20;
const FIT = 8;

describe('messages that come while the database is silent', () => {
  let app: TestApp;
  let database: TestDatabase;
  let proxy: LossyProxy;
  afterEach(async () => {
    await app.close();
    await proxy.close();
    await database.drop();
  });

  it('wait up to a number of bytes; more are refused with 503 at once, and there is room again when they are stored', async () => {
    database = await createTestDatabase();
    proxy = await openLossyProxy(database.url);
    app = await TestApp.start({
      agents: [agentOf(() => undefined)],
      databaseUrl: proxy.url,
      limits: { maxUnstoredBytes: FIT * MIB },
      // However long that takes, it is not the lease that refuses.
      execution: { leaseMs: 300_000 },
    });
    const send = async (text: string): Promise<{ status: number; body: object }> => {
      const response = await fetch(app.origin, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'a2a-version': '1.0' },
        body: JSON.stringify({
          ...{ jsonrpc: '2.0', id: 1, method: 'SendMessage' },
          params: { message: textMessage(text), configuration: { returnImmediately: true } },
        }),
      });
      return { status: response.status, body: (await response.json()) as object };
    };
    expect((await send('hi')).status).toBe(200);
    proxy.fallSilent();
    const refused: object[] = [];
    let settle: () => void = () => undefined;
    const enough = new Promise<void>((resolve) => (settle = resolve));
    const text = 'x'.repeat(MIB - 1_000);
    const sent = Array.from({ length: SENDS }, async () => {
      const { status, body } = await send(text);
      if (status === 503 && JSON.stringify(body).includes('OVERLOADED')) refused.push(body);
      if (refused.length === SENDS - FIT) settle();
      return status;
    });
    // While the database says nothing.
    await enough;
    expect(refused[0]).toMatchObject({
      error: { code: -32058, message: expect.stringContaining('wait to be stored') },
    });
    proxy.speak({ cut: true });
    const statuses = await Promise.all(sent);
    expect(statuses.filter((status) => status === 200)).toHaveLength(FIT);
    expect((await send(text)).status).toBe(200);
  }, 120_000);
});
