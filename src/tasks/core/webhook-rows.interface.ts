import type { PushConfig } from '../push-config-store.interface.js';
import type { DeliveryRow } from './delivery-rules.js';
import type { TaskRef } from './task-rows.interface.js';
import type { DecideWebhooks, WebhookRow } from './webhook-rules.js';

/** A webhook with its config. */
export interface ConfiguredWebhook extends WebhookRow {
  readonly config: PushConfig;
}

/** What is known of a delivery that was tried. */
export type TriedDelivery = Pick<DeliveryRow, 'attempts' | 'attemptLog'>;

/** The webhooks of tasks, as a storage keeps them. It applies what is decided and decides nothing. */
export interface WebhookRows {
  /** All of a task, in any order. undefined: no such task in this scope. */
  read(task: TaskRef): Promise<readonly ConfiguredWebhook[] | undefined>;
  /** Reads the webhooks of a task and applies what is decided, atomically. `decide` may be called more than once. */
  change<T>(task: TaskRef, decide: DecideWebhooks<T>): Promise<T>;
  /** Of the newest dead letter of the webhook that was tried. undefined: none was. */
  lastTried(taskId: string, configId: string): Promise<TriedDelivery | undefined>;
  /** See PushNotificationConfigStore. */
  countOf(owner: string, limit: number): Promise<number>;
}
