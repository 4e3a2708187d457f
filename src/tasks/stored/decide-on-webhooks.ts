import { steadyNow } from '../../common/steady-now.js';
import { type DecideWebhooks, type WebhookPatch, type WebhookRow, storeWebhook } from '../core/webhook-rules.js';
import type { ConfiguredWebhook } from '../core/webhook-rows.interface.js';
import type { PushConfig } from '../push-config-store.interface.js';
import { pushHost } from '../push-host.js';
import type { StoredTask } from './stored-task.js';
import type { StoredDelivery, StoredWebhook } from './stored-webhook.js';

const rowOf = ({ config, createdAt, active, disabledAt }: StoredWebhook): WebhookRow => ({
  id: config.id,
  createdAt: Date.parse(createdAt),
  ...(!active && { disabledAt: disabledAt ?? 0 }),
});

/** The webhooks of a task as the rules see them. */
export const webhookRows = ({ webhooks }: Pick<StoredTask, 'webhooks'>): WebhookRow[] => webhooks.map(rowOf);

/** As `WebhookRows.read`: with copies of their configs. */
export const configuredWebhooks = ({ webhooks }: Pick<StoredTask, 'webhooks'>): ConfiguredWebhook[] =>
  webhooks.map((webhook) => ({ ...rowOf(webhook), config: structuredClone(webhook.config) }));

/** Applies what is decided, as `WebhookRows.change` asks. `changed`: whether the task is not what it was. */
export function decideOnWebhooks<T>(
  task: Pick<StoredTask, 'webhooks'> | undefined,
  decide: DecideWebhooks<T>,
): { readonly result: T; readonly changed: boolean } {
  const { patch, result } = decide(task && webhookRows(task), Date.now());
  if (task && patch) patchWebhooks(task, patch);
  return { result, changed: patch !== undefined };
}

/** Stores a webhook of a task without asking whether there is room. */
export const putWebhook = (task: Pick<StoredTask, 'webhooks'>, config: PushConfig): void =>
  patchWebhooks(task, storeWebhook(webhookRows(task), config, Date.now()));

export function patchWebhooks(
  task: Pick<StoredTask, 'webhooks'>,
  { deleted = [], stored, disabled }: WebhookPatch,
): void {
  task.webhooks = task.webhooks.filter(({ config }) => !deleted.includes(config.id));
  if (stored) store(task, stored);
  const webhook = disabled && webhookIn(task, disabled.id);
  if (!webhook) return;
  Object.assign(webhook, { active: false, disabledAt: steadyNow() });
  for (const entry of webhook.owed.splice(0)) webhook.dead.push({ entry, reason: disabled.reason, at: steadyNow() });
}

function store(task: Pick<StoredTask, 'webhooks'>, { config, createdAt }: NonNullable<WebhookPatch['stored']>): void {
  const present = {
    config: structuredClone(config),
    host: pushHost(config.url),
    active: true,
    givenUp: 0,
    disabledAt: undefined,
  };
  const known = webhookIn(task, config.id);
  if (known) Object.assign(known, present);
  else task.webhooks.push({ ...present, createdAt: new Date(createdAt).toISOString(), owed: [], dead: [] });
}

const webhookIn = ({ webhooks }: Pick<StoredTask, 'webhooks'>, configId: string): StoredWebhook | undefined =>
  webhooks.find(({ config }) => config.id === configId);

/** As `WebhookRows.lastTried`. */
export const lastTried = (
  task: Pick<StoredTask, 'webhooks'> | undefined,
  configId: string,
): StoredDelivery | undefined =>
  task && webhookIn(task, configId)?.dead.findLast(({ entry }) => entry.attemptLog.length > 0)?.entry;
