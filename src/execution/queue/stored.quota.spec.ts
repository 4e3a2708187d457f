import { beforeEach, describe, expect, it } from '@jest/globals';
import { KnownUsage } from '../../common/quotas/known-usage.js';
import { QuotaTable } from '../../common/quotas/quota.table.js';
import { type QuotasOptions, quotasOptions } from '../../common/quotas/quotas.options.js';
import { A2AError } from '../../protocol/errors/index.js';
import { openMemoryStores } from '../../tasks/memory/open-stores.js';
import type { OpenStores } from '../../tasks/stores.js';
import type { UsageOf } from '../../tasks/task-store.interface.js';
import { begin, caller } from '../../testing/contracts/fixtures.js';
import { StoredQuota } from './stored.quota.js';

const ALICE = { owner: 'alice', tenant: 'acme' };
const BOB = { owner: 'bob', tenant: 'acme' };

describe('StoredQuota', () => {
  let stores: OpenStores;
  let asked: UsageOf[];
  let known: KnownUsage;
  beforeEach(async () => {
    stores = await openMemoryStores();
    asked = [];
    known = new KnownUsage();
  });

  const quota = (quotas: QuotasOptions): StoredQuota => {
    const usage = (of: UsageOf, most?: number) => {
      asked.push(of);
      return stores.tasks.usage(of, most);
    };
    return new StoredQuota({ usage }, new QuotaTable({}, quotasOptions(quotas)), known);
  };
  const refusal = (admitted: Promise<unknown> | undefined): Promise<unknown> =>
    Promise.resolve(admitted).then(
      () => undefined,
      (error: unknown) => (error instanceof A2AError ? [error.reason, error.retryAfter, error.message] : error),
    );

  it('asks nothing where nothing is limited', async () => {
    const subject = quota({ tenants: { other: { storedTasks: 1 } } });
    for (let n = 0; n < 3; n++) await subject.admit(ALICE, 1_000_000);
    expect([asked, known.of('alice')]).toEqual([[], undefined]);
  });

  it('counts the tasks of an owner over all tenants once, and then adds what it admits', async () => {
    for (const tenant of ['', 'acme']) await begin(stores, caller({ owner: 'alice', tenant }));
    const subject = quota({ default: { storedTasks: 4 } });
    await Promise.all([subject.admit(ALICE, 1), subject.admit(ALICE, 1)]);
    expect(await refusal(subject.admit(ALICE, 1))).toEqual([
      ...['RESOURCE_EXHAUSTED', 60],
      expect.stringMatching(/^You have 4 tasks stored, which is the limit\./),
    ]);
    expect(known.of('alice')).toMatchObject({ tasks: 4 });
    expect(await refusal(subject.admit(BOB, 1))).toBeUndefined();
    expect(asked).toEqual([{ owner: 'alice' }, { owner: 'bob' }]);
  });

  it('counts the bytes, and those of the task that is to come', async () => {
    const { run } = await begin(stores, caller({ owner: 'alice' }));
    const { bytes } = (await stores.admin.task(run.taskId))!;
    const subject = quota({ owners: { alice: { storedBytes: bytes + 100 } } });
    expect(await refusal(subject.admit(ALICE, 101))).toContainEqual(
      expect.stringContaining(`${bytes} of ${bytes + 100} bytes`),
    );
    expect(await refusal(subject.admit(ALICE, 100))).toBeUndefined();
    expect(await refusal(subject.admit(ALICE, 1))).toBeDefined();
    expect(await refusal(subject.admit(BOB, 1_000_000))).toBeUndefined();
  });

  it('counts all owners of a tenant together, and callers without a tenant not at all', async () => {
    const subject = quota({ tenantDefault: { storedTasks: 2 }, tenants: { '': { storedTasks: 1 } } });
    await subject.admit(ALICE, 1);
    await subject.admit(BOB, 1);
    expect(await refusal(subject.admit(ALICE, 1))).toContainEqual(
      expect.stringMatching(/^Your tenant has 2 tasks stored/),
    );
    for (let n = 0; n < 3; n++) await subject.admit({ owner: 'alice', tenant: '' }, 1);
    expect(asked).toEqual([{ tenant: 'acme' }]);
  });

  it('takes nothing for what is refused by the other limit, nor for a task that was there already', async () => {
    const subject = quota({ owners: { alice: { storedTasks: 2 } }, tenants: { acme: { storedTasks: 1 } } });
    (await subject.admit(ALICE, 1))?.leave();
    await subject.admit(ALICE, 1);
    for (let n = 0; n < 3; n++) expect(await refusal(subject.admit(ALICE, 1))).toBeDefined();
    expect(known.of('alice')).toMatchObject({ tasks: 1 });
  });

  it('counts again what other processes created and deleted', async () => {
    const [one, two] = [quota({ default: { storedTasks: 1 } }), quota({ default: { storedTasks: 1 } })];
    const context = caller({ owner: 'alice' });
    await one.admit(ALICE, 1);
    const { run } = await begin(stores, context);
    expect(await refusal(two.admit(ALICE, 1))).toBeDefined();
    await stores.tasks.delete(context, run.taskId);
    while ((await refusal(two.admit(ALICE, 1))) !== undefined) await new Promise((resolve) => setTimeout(resolve, 50));
  });

  it('refuses while the count fails, and counts again', async () => {
    let down = true;
    const usage = () => (down ? Promise.reject(new Error('down')) : Promise.resolve({ tasks: 0, bytes: 0 }));
    const subject = new StoredQuota({ usage }, new QuotaTable({ owner: { storedTasks: 1 } }));
    await expect(subject.admit(ALICE, 1)).rejects.toThrow('down');
    down = false;
    await subject.admit(ALICE, 1);
  });
});
