import { steadyNow } from '../../common/steady-now.js';
import type { TaskScope } from '../../security/call-context.js';
import type { DeliveryAttempt } from '../admin/delivery-attempt.js';
import { CommittedEvent } from '../committed-event.js';
import { isHandlerId } from '../handler-config.js';
import { isPushed } from '../is-pushed.js';
import type { OutboxEntry } from '../outbox.interface.js';
import type { PendingEvent } from '../pending-event.js';
import type { DisabledPushConfig, PushConfig } from '../push-config-store.interface.js';
import { pushHost } from '../push-host.js';
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

/**
 * Creates the webhook of this config, or replaces the config of the one with the same id, which keeps its place and what is owed
 * to it. Disabled webhooks of callers are deleted. From now on events are owed to it.
 */
export function putWebhook(task: Pick<StoredTask, 'webhooks'>, given: PushConfig): StoredWebhook {
  const config = structuredClone(given);
  const known = task.webhooks.find((webhook) => webhook.config.id === config.id);
  const kept = task.webhooks.filter((webhook) => webhook.active || webhook === known || isHandlerId(webhook.config.id));
  const present = { config, host: pushHost(config.url), active: true, givenUp: 0, disabledAt: undefined };
  if (known) Object.assign(known, present);
  // No two have the same time: the time is their order of creation.
  const createdAt = Math.max(...kept.map((webhook) => Date.parse(webhook.createdAt) + 1), Date.now());
  const put = known ?? { ...present, createdAt: new Date(createdAt).toISOString(), owed: [], dead: [] };
  task.webhooks = known ? kept : [...kept, put];
  return put;
}

/** The active webhooks that callers have registered, without handlers of the application. */
export const callersWebhooks = <W extends StoredWebhook>(webhooks: readonly W[]): W[] =>
  webhooks.filter(({ active, config }) => active && !isHandlerId(config.id));

/** The active webhooks other than that of this config. Disabled ones and handlers do not count. */
export const otherWebhooks = (webhooks: readonly StoredWebhook[], configId: string): number =>
  callersWebhooks(webhooks).filter(({ config }) => config.id !== configId).length;

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

/** As `PushNotificationConfigStore.disable`. */
export function disableWebhook(webhook: StoredWebhook, reason: string): void {
  webhook.active = false;
  webhook.disabledAt ??= steadyNow();
  for (const entry of webhook.owed.splice(0)) webhook.dead.push({ entry, reason, at: steadyNow() });
}

/** As `PushNotificationConfigStore.disabled`, among the webhooks of a task. */
export function disabledWebhook(
  webhooks: readonly StoredWebhook[],
  configId: string | undefined,
): DisabledPushConfig | undefined {
  const [webhook] = webhooks
    .filter(
      ({ active, config }) => !active && !isHandlerId(config.id) && (configId === undefined || config.id === configId),
    )
    .sort((a, b) => (b.disabledAt ?? 0) - (a.disabledAt ?? 0));
  if (!webhook) return undefined;
  const tried = webhook.dead.findLast(({ entry }) => entry.attemptLog.length > 0)?.entry;
  const lastAttempt = tried?.attemptLog.at(-1);
  return {
    id: webhook.config.id,
    disabledAt: new Date(webhook.disabledAt ?? 0).toISOString(),
    ...(tried && lastAttempt && { attempts: tried.attempts, lastAttempt }),
  };
}

/** Deletes a webhook that a caller registered, with what is owed to it. undefined: there is none, or it is a handler's. */
export function removeWebhook(task: Pick<StoredTask, 'webhooks'>, configId: string): StoredWebhook | undefined {
  const webhook = isHandlerId(configId) ? undefined : task.webhooks.find(({ config }) => config.id === configId);
  if (webhook) task.webhooks = task.webhooks.filter((one) => one !== webhook);
  return webhook;
}
