import { steadyNow } from '../../common/steady-now.js';
import type { TaskScope } from '../../security/call-context.js';
import type { DeliveryAttempt } from '../admin/delivery-attempt.js';
import { CommittedEvent } from '../committed-event.js';
import { isPushed } from '../is-pushed.js';
import type { OutboxEntry } from '../outbox.interface.js';
import type { PendingEvent } from '../pending-event.js';
import type { PushConfig } from '../push-config-store.interface.js';
import type { StoredTask } from './stored-task.js';

/** An event that is owed to a webhook. */
export interface StoredDelivery {
  readonly id: string;
  readonly seq: number;
  readonly event: PendingEvent;
  attempts: number;
  /** Hidden until then, in milliseconds since the epoch. */
  dueAt: number;
  /** What the last attempts met with. */
  attemptLog: readonly DeliveryAttempt[];
}

/** A delivery that was given up. */
export interface DeadLetter {
  readonly entry: StoredDelivery;
  readonly reason: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** A push notification config of a task, and what it is owed. */
export interface StoredWebhook {
  config: PushConfig;
  /** Name and port of the webhook's host. */
  host: string;
  /** RFC 3339 UTC. */
  readonly createdAt: string;
  /** Whether events are owed to it. */
  active: boolean;
  /** Deliveries that were dead-lettered since the last completed one. */
  givenUp: number;
  /** Since when it is disabled, in milliseconds since the epoch. */
  disabledAt?: number;
  /** Oldest first. Only the first is ever handed out; a dead letter that is owed again may come before one that was. */
  readonly owed: StoredDelivery[];
  readonly dead: DeadLetter[];
}

/** Owes an event, as of `dueAt`. */
export function oweDelivery(webhook: StoredWebhook, id: string, seq: number, event: PendingEvent, dueAt: number): void {
  webhook.owed.push({ id, seq, event, attempts: 0, dueAt, attemptLog: [] });
}

/**
 * Owes events of the task to its active webhooks, those that webhooks get. Ids of deliveries begin with the task's id and a colon.
 * True: something is owed that was not.
 */
export function oweEvents(task: StoredTask, firstSeq: number, events: readonly PendingEvent[]): boolean {
  const active = task.webhooks.filter((webhook) => webhook.active);
  if (active.length === 0) return false;
  let owes = false;
  for (const [index, event] of events.entries()) {
    if (!isPushed(event)) continue;
    owes = true;
    const seq = firstSeq + index;
    for (const webhook of active)
      oweDelivery(webhook, `${task.taskId}:${seq}:${webhook.config.id}`, seq, event, steadyNow());
  }
  return owes;
}

/** The id of the task whose `oweEvents` made this id. */
export const taskOfDelivery = (deliveryId: string): string => deliveryId.split(':', 1)[0] ?? '';

/** A delivery as a taker gets it. */
export const deliveryOf = (
  task: TaskScope & { readonly taskId: string; readonly contextId: string },
  { config, givenUp, owed }: StoredWebhook,
  { id, seq, event, attempts }: StoredDelivery,
): OutboxEntry => ({
  id,
  config,
  scope: { owner: task.owner, tenant: task.tenant, agent: task.agent },
  attempts,
  givenUp,
  followed: owed.length > 1,
  event: CommittedEvent.of(task, seq, event),
});
