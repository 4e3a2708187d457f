import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AdminDeliveryRow, AdminList, AdminWebhookRow } from '../src/admin/admin-api.types.js';
import { AdminApp } from './support/admin-app.js';
import { STORAGES } from './support/test-app.js';
import { WebhookReceiver } from './support/webhook.receiver.js';

const HOOK = 'my-hook';

describe.each(STORAGES)('webhooks of clients, for operators, on %s', (storage) => {
  const admin = new AdminApp('express');
  let receiver: WebhookReceiver;
  let taskId: string;

  const deliveries = async (state: 'owed' | 'dead'): Promise<readonly AdminDeliveryRow[]> =>
    (await admin.call<AdminList<AdminDeliveryRow>>(`deliveries?taskId=${taskId}&state=${state}`)).body.rows;
  const webhook = async (): Promise<AdminWebhookRow | undefined> =>
    (await admin.call<AdminList<AdminWebhookRow>>(`webhooks?taskId=${taskId}`)).body.rows[0];
  const untilDead = async (count: number): Promise<readonly AdminDeliveryRow[]> => {
    for (;;) {
      const dead = await deliveries('dead');
      if (dead.length >= count) return dead;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };

  beforeAll(async () => {
    receiver = await WebhookReceiver.start();
    receiver.behave = (response) => response.writeHead(500).end();
    const pushNotifications = { allowedHosts: ['127.0.0.1'], maxAttempts: 1, pollMs: 50, disableAfter: 100 };
    await admin.start({}, { storage, pushNotifications });
    const taskPushNotificationConfig = { id: HOOK, url: receiver.url(), token: 'a-secret-of-the-client' };
    taskId = (await admin.send('hello', 'alice', { taskPushNotificationConfig })).id;
  });
  afterAll(async () => {
    await admin.close();
    await receiver.stop();
  });

  it('shows dead letters and their webhook, without its secret', async () => {
    const dead = await untilDead(4);
    expect(dead[0]).toMatchObject({ taskId, configId: HOOK, deadReason: expect.stringContaining('500') });
    const { body } = await admin.call<AdminList<AdminWebhookRow>>('webhooks?owner=alice');
    expect(body.rows).toEqual([
      expect.objectContaining({ taskId, configId: HOOK, url: receiver.url(), deadLetters: dead.length }),
    ]);
    expect(JSON.stringify(body)).not.toContain('secret');
    expect((await admin.call<AdminList<AdminWebhookRow>>('webhooks?disabled=true')).body.rows).toEqual([]);
  });

  it('deletes a dead letter', async () => {
    const [dropped] = await untilDead(4);
    expect((await admin.call(`deliveries/${dropped!.id}`, { method: 'DELETE' })).status).toBe(204);
    expect((await deliveries('dead')).map(({ id }) => id)).not.toContain(dropped!.id);
    expect(await admin.codeOf(`deliveries/${dropped!.id}`, { method: 'DELETE' })).toEqual([404, 'NOT_FOUND']);
  });

  it('delivers a dead letter that is redriven', async () => {
    const [letter] = await deliveries('dead');
    const before = receiver.received.length;
    receiver.behave = (response) => response.writeHead(204).end();
    expect((await admin.call(`deliveries/${letter!.id}/redrive`, { method: 'POST' })).status).toBe(204);
    await receiver.until('/hook', before + 1);
    expect((await deliveries('dead')).map(({ id }) => id)).not.toContain(letter!.id);
  });

  it('disables a webhook', async () => {
    expect((await webhook())?.disabledAt).toBeUndefined();
    expect(await admin.codeOf(`webhooks/${taskId}/other/disable`, { method: 'POST' })).toEqual([404, 'NOT_FOUND']);
    expect((await admin.call(`webhooks/${taskId}/${HOOK}/disable`, { method: 'POST' })).status).toBe(204);
    expect((await webhook())?.disabledAt).toEqual(expect.any(String));
    expect((await admin.call<AdminList<AdminWebhookRow>>('webhooks?disabled=true')).body.rows).toHaveLength(1);
  });

  it('shows an event, a document and a page of tasks of this storage', async () => {
    const { body } = await admin.call<{ at?: string; seq: number }>(`tasks/${taskId}/events/1`);
    expect(body).toMatchObject({ seq: 1, at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) });
    expect((await admin.call<{ id: string }>(`tasks/${taskId}/document?asOf=1`)).body.id).toBe(taskId);
    const from = new Date(Date.now() - 60_000).toISOString();
    const found = await admin.call<AdminList<{ id: string }>>(
      `tasks?owner=alice&from=${encodeURIComponent(from)}&agent=test`,
    );
    expect(found.body.rows.map(({ id }) => id)).toEqual([taskId]);
    expect((await admin.call<AdminList<object>>(`tasks?to=${encodeURIComponent(from)}`)).body.rows).toEqual([]);
    expect(await admin.codeOf('tasks?cursor=x')).toEqual([400, 'INVALID_PARAMS']);
  });
});
