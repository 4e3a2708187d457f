import { isHandlerId } from '../handler-config.js';
import type { InlinePushConfig, PushConfig, PutPushConfigResult } from '../push-config-store.interface.js';
import type { Change } from './decision.js';

/** A webhook of a task as the rules see it. Times are in ms since the epoch. */
export interface WebhookRow {
  readonly id: string;
  /** No two webhooks of a task have the same time: it is their order. */
  readonly createdAt: number;
  /** Absent: events are owed to it. */
  readonly disabledAt?: number;
}

/** Changes of the webhooks of a task. */
export interface WebhookPatch {
  /** Ids of those that are deleted, with what is owed to them and what was given up. */
  readonly deleted?: readonly string[];
  /** From now on events are owed to it, and none of its deliveries was given up. One with the same id keeps its time and what is owed to it. */
  readonly stored?: { readonly config: PushConfig; readonly createdAt: number };
  /** It is disabled as of the storage's present time. What is owed to it is given up for this reason. */
  readonly disabled?: { readonly id: string; readonly reason: string };
}

/** `webhooks` is undefined when there is no such task in the caller's scope. `now`: the storage's present time. Decides without I/O. */
export type DecideWebhooks<T> = (webhooks: readonly WebhookRow[] | undefined, now: number) => Change<WebhookPatch, T>;

const isActive = ({ disabledAt }: WebhookRow): boolean => disabledAt === undefined;
const isOfCaller = ({ id }: WebhookRow): boolean => !isHandlerId(id);

/** The active webhooks that callers have registered, oldest first. */
export const shownWebhooks = <W extends WebhookRow>(webhooks: readonly W[]): W[] =>
  webhooks.filter((one) => isActive(one) && isOfCaller(one)).sort((a, b) => a.createdAt - b.createdAt);

/** Whether a task has no room for a webhook. Disabled ones, handlers and the one that it replaces do not count. */
export const isFull = (webhooks: readonly WebhookRow[], { config, limit }: InlinePushConfig): boolean =>
  shownWebhooks(webhooks).filter(({ id }) => id !== config.id).length >= limit;

/** Stores a webhook, for which there is room. It replaces those of callers that are disabled. */
export function storeWebhook(webhooks: readonly WebhookRow[], config: PushConfig, now: number): WebhookPatch {
  const replaced = webhooks.filter((one) => !isActive(one) && isOfCaller(one) && one.id !== config.id);
  const createdAt = Math.max(now, ...webhooks.map((one) => one.createdAt + 1));
  return { deleted: replaced.map(({ id }) => id), stored: { config, createdAt } };
}

/** See PushNotificationConfigStore.put. */
export const put =
  (config: PushConfig, limit: number): DecideWebhooks<PutPushConfigResult> =>
  (webhooks, now) => {
    if (!webhooks) return { result: 'missing' };
    if (isFull(webhooks, { config, limit })) return { result: 'full' };
    return { patch: storeWebhook(webhooks, config, now), result: 'stored' };
  };

/** See PushNotificationConfigStore.delete. */
export const remove =
  (configId: string): DecideWebhooks<boolean> =>
  (webhooks) =>
    webhooks?.some((one) => one.id === configId && isOfCaller(one))
      ? { patch: { deleted: [configId] }, result: true }
      : { result: webhooks !== undefined };

/** See PushNotificationConfigStore.disable. One that is disabled stays so since then. */
export const disable =
  (id: string, reason: string): DecideWebhooks<void> =>
  (webhooks) =>
    webhooks?.some((one) => one.id === id && isActive(one))
      ? { patch: { disabled: { id, reason } }, result: undefined }
      : { result: undefined };

/** See PushNotificationConfigStore.disabled. */
export const latestDisabled = (webhooks: readonly WebhookRow[], configId?: string): WebhookRow | undefined =>
  webhooks
    .filter((one) => !isActive(one) && isOfCaller(one) && (configId === undefined || one.id === configId))
    .sort((a, b) => (b.disabledAt ?? 0) - (a.disabledAt ?? 0))[0];
