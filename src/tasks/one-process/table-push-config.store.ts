import type { CallContext } from '../../security/call-context.js';
import { isFull } from '../core/message-rules.js';
import { isOpen } from '../core/task-row.js';
import { pushConfigPage, pushConfigPageSize, pushConfigPosition } from '../push-config-page.js';
import type {
  DisabledPushConfig,
  PushConfig,
  PushConfigPage,
  PushConfigPageQuery,
  PushNotificationConfigStore,
  PutPushConfigResult,
} from '../push-config-store.interface.js';
import {
  callersWebhooks,
  disabledWebhook,
  disableWebhook,
  otherWebhooks,
  putWebhook,
  removeWebhook,
} from '../stored/stored-webhook.js';
import { readTask } from './read-task.js';
import type { TaskTable } from './task-table.interface.js';

/** The webhooks of tasks. */
export class TablePushConfigStore implements PushNotificationConfigStore {
  constructor(private readonly table: TaskTable) {}

  async put(context: CallContext, taskId: string, config: PushConfig, limit: number): Promise<PutPushConfigResult> {
    const task = this.table.find(taskId, context);
    if (!task) return this.table.stored('missing');
    if (isFull(otherWebhooks(task.webhooks, config.id), limit)) return this.table.stored('full');
    putWebhook(task, config);
    return this.table.stored('stored', task);
  }

  get(context: CallContext, taskId: string, configId: string): Promise<PushConfig | undefined> {
    return readTask(this.table, context, taskId, ({ webhooks }) => {
      const webhook = callersWebhooks(webhooks).find(({ config }) => config.id === configId);
      return webhook && structuredClone(webhook.config);
    });
  }

  async list(
    context: CallContext,
    taskId: string,
    query: PushConfigPageQuery = {},
  ): Promise<PushConfigPage | undefined> {
    const after = pushConfigPosition(query, context, taskId);
    return readTask(this.table, context, taskId, ({ webhooks }) => {
      const rest = callersWebhooks(webhooks).filter(({ createdAt }) => !after || createdAt > after.time);
      const placed = rest.map(({ config, createdAt }) => ({ config: structuredClone(config), createdAt }));
      return pushConfigPage(placed.slice(0, pushConfigPageSize(query) + 1), query, context, taskId);
    });
  }

  async delete(context: CallContext, taskId: string, configId: string): Promise<boolean> {
    const task = this.table.find(taskId, context);
    if (task) removeWebhook(task, configId);
    return this.table.stored(task !== undefined, task);
  }

  async countOf(owner: string, limit: number): Promise<number> {
    const tasks = [...this.table.tasks()].filter((task) => task.owner === owner && isOpen(task));
    return this.table.stored(Math.min(limit, tasks.flatMap(({ webhooks }) => callersWebhooks(webhooks)).length));
  }

  async disable(taskId: string, configId: string, reason: string): Promise<void> {
    const task = this.table.find(taskId);
    const webhook = task?.webhooks.find(({ config }) => config.id === configId);
    if (webhook) disableWebhook(webhook, reason);
    return this.table.stored(undefined, task);
  }

  disabled(context: CallContext, taskId: string, configId?: string): Promise<DisabledPushConfig | undefined> {
    return readTask(this.table, context, taskId, ({ webhooks }) => disabledWebhook(webhooks, configId));
  }
}
