import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { WebhookReceiver } from '../../test/support/webhook.receiver.js';
import { OutboundHttp } from '../security/outbound/index.js';
import { openMemoryStores } from '../tasks/memory/open-stores.js';
import { begin, caller, pushConfig, status } from '../testing/contracts/fixtures.js';
import { DeliveryCapacity } from './delivery-capacity.js';
import { PushConfigAdmission } from './push-config.admission.js';
import { QuotaTable } from '../common/quotas/quota.table.js';
import { PushConfigQuota } from './push-config.quota.js';
import { type PushNotificationsOptions, pushNotificationsOptions } from './push-notifications.options.js';
import { TargetVerifier } from './target.verifier.js';

const FULL = { reason: 'RESOURCE_EXHAUSTED', message: expect.stringContaining('have 3 push notification') as unknown };

describe('the admission of a webhook', () => {
  let receiver: WebhookReceiver;
  beforeAll(async () => {
    receiver = await WebhookReceiver.start();
  });
  beforeEach(() => {
    receiver.asked.length = 0;
    receiver.echo = (token) => ({ status: 200, text: token });
  });
  afterEach(() => void jest.restoreAllMocks());
  afterAll(() => receiver.stop());

  function setUp(given: Partial<PushNotificationsOptions> = {}) {
    const stores = openMemoryStores();
    const options = pushNotificationsOptions({ timeoutMs: 2_000, ...given });
    const capacity = new DeliveryCapacity(options);
    const verifier = new TargetVerifier(new OutboundHttp({ allow: ['127.0.0.1'] }), capacity, options.timeoutMs);
    const quota = new PushConfigQuota(
      stores.pushConfigs,
      new QuotaTable({ owner: { webhooks: options.maxConfigsPerOwner } }),
    );
    const admission = new PushConfigAdmission(stores.tasks, quota, options.verifyTargets ? verifier : undefined);
    return { stores, admission, capacity };
  }
  const config = (id: string, path = '/hook') => pushConfig(id, { url: receiver.url(path), token: 'pa55' });

  it('lets an owner have so many in all tenants, while tasks have not ended', async () => {
    const { stores, admission } = setUp({ maxConfigsPerOwner: 3 });
    const home = caller();
    const acme = { ...home, tenant: 'acme' };
    const writer = await begin(stores, home);
    const { taskId } = writer.run;
    const put = async (id: string, by = home): Promise<void> => {
      await admission.admit(pushConfig(id), taskId, by, { isNew: by !== home });
      if (by === home) await stores.pushConfigs.put(home, taskId, pushConfig(id), 100);
      else await begin(stores, by, { pushConfigs: [pushConfig(id)] });
    };
    await put('a');
    await put('b');
    await put('c', acme);
    await expect(put('one-more')).rejects.toMatchObject(FULL);
    await expect(put('one-more', acme)).rejects.toMatchObject(FULL);
    await put('b');
    await put('other', caller());
    await writer.write(status('TASK_STATE_COMPLETED'));
    // Counted again after a second.
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    await put('later', acme);
  });

  it('calls nobody, unless it is told to', async () => {
    const { stores, admission } = setUp();
    const context = caller();
    await admission.admit(config('a'), (await begin(stores, context)).run.taskId, context);
    expect(receiver.asked).toEqual([]);
  });

  it('asks a target once for each owner and address, without secrets, and takes one that echoes', async () => {
    const { stores, admission } = setUp({ verifyTargets: true });
    const context = caller();
    const { taskId } = (await begin(stores, context)).run;
    for (const id of ['a', 'b']) await admission.admit(config(id, '/hook?x=y%20z'), taskId, context);
    expect(receiver.asked).toHaveLength(1);
    expect(receiver.asked[0]?.path).toMatch(/^\/hook\?x=y(%20|\+)z&validationToken=[\w-]{32}$/);
    expect(JSON.stringify(receiver.asked)).not.toContain('pa55');
    await admission.admit(config('c', '/other'), taskId, context);
    await admission.admit(config('d'), 'new', caller(), { isNew: true });
    expect(new Set(receiver.asked.map(({ token }) => token)).size).toBe(3);
  });

  it('refuses a target that does not echo, naming the member', async () => {
    const { admission } = setUp({ verifyTargets: true, circuitFailures: 100 });
    const admit = (url: string): Promise<void> =>
      admission.admit(pushConfig('a', { url }), 'new', caller(), { within: 'configuration.x.', isNew: true });
    const answers: [typeof receiver.echo, RegExp][] = [
      [() => ({ status: 200, text: 'ok' }), /did not echo/],
      [(token) => ({ status: 200, text: `<p>${token}</p>` }), /did not echo/],
      [(token) => ({ status: 404, text: token }), /HTTP status 404/],
      [(token) => ({ status: 302, text: token }), /HTTP status 302/],
    ];
    for (const [echo, words] of answers) {
      receiver.echo = echo;
      await expect(admit(receiver.url())).rejects.toMatchObject({
        reason: 'INVALID_PARAMS',
        violations: [{ field: 'configuration.x.url', description: expect.stringMatching(words) as unknown }],
      });
    }
    await expect(admit('http://127.0.0.1:1/pa55')).rejects.toMatchObject({ reason: 'INVALID_PARAMS' });
    // A refusal is not remembered.
    receiver.echo = (token) => ({ status: 200, text: `${token}\n` });
    await admit(receiver.url());
  });

  it('calls nobody for a task that is not there, nor beyond the rates', async () => {
    const { admission } = setUp({ verifyTargets: true, maxPerHostPerSecond: 1 });
    // No second passes.
    jest.spyOn(performance, 'now').mockReturnValue(performance.now());
    const context = caller();
    await expect(admission.admit(config('a'), 'none', context)).rejects.toMatchObject({ reason: 'TASK_NOT_FOUND' });
    expect(receiver.asked).toEqual([]);
    await admission.admit(config('a'), 'new', context, { isNew: true });
    const again = admission.admit(config('a', '/more'), 'new', context, { isNew: true });
    await expect(again).rejects.toMatchObject({ reason: 'RESOURCE_EXHAUSTED' });
    expect(receiver.asked).toHaveLength(1);
  });
});
