import type { AdminDeliveryRow, AdminTask, AdminTaskRow, AdminWebhookRow } from '../../admin/admin-rows.js';
import { shownWebhooks } from '../../core/webhook-rules.js';
import { OWED_LIMIT } from '../../admin/admin-store.interface.js';
import { withTraces } from '../../admin/call-trace.js';
import { headOf } from '../../stored/stored-task.js';
import { webhookRows } from '../../stored/decide-on-webhooks.js';
import type { StoredDelivery } from '../../stored/stored-webhook.js';
import type { MemoryRow } from '../memory-row.js';
import type { OutboxQueue } from '../outbox-queue.js';

const timeOf = (ms: number): string => new Date(ms).toISOString();

export function toAdminTask(row: MemoryRow): AdminTaskRow {
  const { taskId, ...head } = headOf(row);
  const { crashes, failures, notBefore, webhooks, reason, createdAt } = row;
  return {
    id: taskId,
    ...head,
    createdAt: timeOf(createdAt),
    crashes,
    failures,
    ...(notBefore !== undefined && { notBefore: timeOf(notBefore) }),
    webhooks: shownWebhooks(webhookRows({ webhooks })).length,
    ...(reason !== undefined && { reason }),
  };
}

export function toTracedTask(row: MemoryRow): AdminTask {
  const { log, trimmedSeq } = row;
  const begun = new Set([0, log.findLastIndex(({ inbound }) => inbound !== undefined)]);
  return withTraces(
    toAdminTask(row),
    [...begun].map((index) => ({ seq: trimmedSeq + index + 1, request: log[index]?.request })),
  );
}

export function toAdminWebhook(queue: OutboxQueue): AdminWebhookRow {
  const { row, config, createdAt, owed, dead, disabledAt } = queue;
  const [first] = owed;
  return {
    taskId: row.taskId,
    configId: config.id,
    agent: row.agent,
    owner: row.owner,
    tenant: row.tenant,
    url: config.url,
    protocolVersion: config.wireVersion,
    createdAt,
    owed: Math.min(owed.length, OWED_LIMIT),
    ...(first && { dueAt: dueAt(queue, first) }),
    deadLetters: Math.min(dead.length, OWED_LIMIT),
    ...(disabledAt !== undefined && { disabledAt: timeOf(disabledAt) }),
  };
}

/** An entry that was never handed out is due since its event. */
const dueAt = ({ row }: OutboxQueue, { dueAt: time, seq }: StoredDelivery): string =>
  timeOf(time || (row.log[seq - row.trimmedSeq - 1]?.at ?? row.createdAt));

const ofEntry = (
  { row, config }: OutboxQueue,
  { id, seq, attempts, attemptLog }: StoredDelivery,
): Omit<AdminDeliveryRow, 'dueAt'> => ({
  ...{ id, taskId: row.taskId, configId: config.id, seq, url: config.url, attempts, attemptLog },
});

/** What is owed to a webhook, and its dead letters. */
export const deliveriesOf = (queue: OutboxQueue): AdminDeliveryRow[] => [
  ...queue.owed.map((entry) => ({ ...ofEntry(queue, entry), dueAt: dueAt(queue, queue.owed[0] ?? entry) })),
  ...queue.dead.map(({ entry, reason, at }) => ({ ...ofEntry(queue, entry), deadAt: timeOf(at), deadReason: reason })),
];
