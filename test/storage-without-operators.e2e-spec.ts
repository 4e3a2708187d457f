import { describe, expect, it } from '@jest/globals';
import { A2aAdminModule } from '../src/admin/a2a-admin.module.js';
import { A2aMetricsModule } from '../src/metrics/a2a-metrics.module.js';
import type { A2aStorage } from '../src/storage/a2a-storage.interface.js';
import { memoryStorage } from '../src/storage/memory.storage.js';
import { operatorStores } from '../src/tasks/operator-stores.js';
import { agentOf } from './support/agent-of.js';
import { textMessage } from './support/rpc.client.js';
import { TestApp } from './support/test-app.js';

const agents = [agentOf((_context, updater) => updater.complete('done'))];

/** A storage as others write it, without what operators use. */
const plain: A2aStorage = {
  name: 'plain',
  shared: false,
  open: async (context) => {
    const { admin: _admin, holds: _holds, ...stores } = await memoryStorage().open(context);
    return stores;
  },
};

describe('a storage without what operators use', () => {
  it('serves tasks, and its metrics have no figures of the storage', async () => {
    const app = await TestApp.start({
      agents,
      on: plain,
      imports: [A2aMetricsModule.forRoot({ authorize: () => true })],
    });
    try {
      const { task } = await app.rpc().result<{ task: object }>('SendMessage', { message: textMessage('hi') });
      expect(task).toMatchObject({ status: { state: 'TASK_STATE_COMPLETED' } });
      const text = await (await fetch(`${app.origin}/metrics`)).text();
      expect(text).toMatch(/^a2a_run_slots \d/m);
      expect(text).not.toMatch(/^a2a_webhook_deliveries_owed /m);
    } finally {
      await app.close();
    }
  });

  it('does not start under the admin API, and says what is missing', async () => {
    const imports = [A2aAdminModule.forRoot({ authorize: () => true, path: 'ops/admin' })];
    await expect(TestApp.start({ agents, on: plain, imports })).rejects.toThrow(
      "The storage 'plain' has no `admin` (AdminStore). Add what is missing to what its open() returns, or leave out A2aAdminModule",
    );
  });

  it('is named with all that it lacks', async () => {
    const stores = await plain.open({ logger: console });
    expect(() => operatorStores('plain', stores, 'do without')).toThrow(
      "The storage 'plain' has no `admin` (AdminStore) and no `holds` (LegalHoldStore). Add what is missing to what its open() returns, or do without.",
    );
    expect(operatorStores('plain', { ...stores, holds: {} as never }, '', ['holds'])).toHaveProperty('holds');
  });
});
