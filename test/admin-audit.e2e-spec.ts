import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { AuditRecord } from '../src/audit/audit-record.js';
import { AdminApp } from './support/admin-app.js';
import { until } from '../src/testing/contracts/until.js';

describe.each(['express', 'fastify'] as const)('the audit trail of the admin API on %s', (adapter) => {
  let api: AdminApp;
  let records: AuditRecord[];
  beforeEach(async () => {
    records = [];
    api = new AdminApp(adapter);
    const sink = { write: async (written: readonly AuditRecord[]) => void records.push(...written) };
    await api.start({}, { audit: { sink, flushMs: 1 } });
  });
  afterEach(() => api.close());

  const acts = async (count: number): Promise<unknown[]> => {
    const admin = (): AuditRecord[] => records.filter(({ entry }) => entry.kind === 'admin');
    await until(async () => admin().length >= count);
    return admin().map(({ entry: { action, outcome, reason, taskId } }) => ({ action, outcome, reason, taskId }));
  };

  it('has what an operator changed, and how it ended; reads are not in it', async () => {
    const { id } = await api.send('wait');
    await api.call('tasks');
    expect((await api.call(`tasks/${id}/cancel`, { method: 'POST' })).status).toBe(200);
    expect((await api.call('deliveries/999/redrive', { method: 'POST' })).status).toBe(404);
    expect(await acts(2)).toEqual([
      { action: 'cancel-task', outcome: 'ok', reason: undefined, taskId: id },
      expect.objectContaining({ action: 'redrive-delivery', outcome: expect.stringMatching(/not-found|invalid/) }),
    ]);
  });

  it('has who was refused', async () => {
    expect((await api.call('tasks', { headers: {} })).status).toBe(401);
    expect((await api.call('tasks', { headers: { authorization: 'Bearer mallory' } })).status).toBe(403);
    expect(await acts(2)).toEqual([
      { action: 'admin-request', outcome: 'unauthenticated', reason: 'UNAUTHENTICATED', taskId: undefined },
      { action: 'admin-request', outcome: 'forbidden', reason: 'PERMISSION_DENIED', taskId: undefined },
    ]);
    expect(records.at(-1)?.entry.address).toMatch(/127\.0\.0\.1$/);
  });
});
