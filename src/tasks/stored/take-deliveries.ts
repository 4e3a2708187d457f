import { steadyNow } from '../../common/steady-now.js';
import { fitting } from '../core/delivery-rules.js';
import type { DueDelivery, OutboxEntry } from '../outbox.interface.js';
import type { StoredTask } from './stored-task.js';
import { type StoredWebhook, deliveryOf } from './stored-webhook.js';

/** A webhook whose oldest delivery is due. */
export interface DueWebhook extends DueDelivery {
  readonly task: Pick<StoredTask, 'owner' | 'tenant' | 'agent' | 'taskId' | 'contextId'>;
  readonly webhook: StoredWebhook;
}

/** The webhooks of these tasks whose oldest delivery is due, the one that has been due the longest first. */
export function dueWebhooks(tasks: Iterable<StoredTask>): DueWebhook[] {
  const now = steadyNow();
  const due: DueWebhook[] = [];
  for (const task of tasks) {
    for (const webhook of task.webhooks) {
      const dueAt = webhook.owed[0]?.dueAt ?? Infinity;
      if (dueAt <= now) due.push({ owner: task.owner, host: webhook.host, dueAt, task, webhook });
    }
  }
  return due.sort((a, b) => a.dueAt - b.dueAt);
}

/** Takes the oldest delivery of each: it is hidden for `leaseMs`. Stops after the event that exceeds `maxBytes`. */
export function takeDeliveries(
  chosen: readonly Pick<DueWebhook, 'task' | 'webhook'>[],
  leaseMs: number,
  maxBytes: number,
): OutboxEntry[] {
  const due = chosen.flatMap(({ task, webhook }) =>
    webhook.owed.slice(0, 1).map((entry) => ({ task, webhook, entry })),
  );
  const taken = fitting(due, ({ entry }) => entry.event.bytes, maxBytes);
  for (const { entry } of taken) entry.dueAt = steadyNow() + leaseMs;
  return taken.map(({ task, webhook, entry }) => deliveryOf(task, webhook, entry));
}
