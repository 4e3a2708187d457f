import { isOpen } from '../core/task-row.js';
import type { TaskRef } from '../core/task-rows.interface.js';
import { type DecideWebhooks, shownWebhooks } from '../core/webhook-rules.js';
import type { ConfiguredWebhook, WebhookRows } from '../core/webhook-rows.interface.js';
import { configuredWebhooks, decideOnWebhooks, lastTried, webhookRows } from '../stored/decide-on-webhooks.js';
import type { StoredDelivery } from '../stored/stored-webhook.js';
import type { TaskTable } from './task-table.interface.js';

/** The webhooks of a table's tasks, on which `TaskPushConfigStore` applies the rules. */
export class TableWebhookRows implements WebhookRows {
  constructor(private readonly table: Pick<TaskTable, 'tasks' | 'find' | 'stored'>) {}

  read({ taskId, scope }: TaskRef): Promise<readonly ConfiguredWebhook[] | undefined> {
    const task = this.table.find(taskId, scope);
    return this.table.stored(task && configuredWebhooks(task));
  }

  change<T>({ taskId, scope }: TaskRef, decide: DecideWebhooks<T>): Promise<T> {
    const task = this.table.find(taskId, scope);
    const { result, changed } = decideOnWebhooks(task, decide);
    return this.table.stored(result, changed ? task : undefined);
  }

  lastTried(taskId: string, configId: string): Promise<StoredDelivery | undefined> {
    return this.table.stored(lastTried(this.table.find(taskId), configId));
  }

  countOf(owner: string, limit: number): Promise<number> {
    const tasks = [...this.table.tasks()].filter((task) => task.owner === owner && isOpen(task));
    return this.table.stored(Math.min(limit, tasks.flatMap((task) => shownWebhooks(webhookRows(task))).length));
  }
}
