import { Injectable } from '@nestjs/common';
import { isOpen } from '../core/task-row.js';
import type { TaskRef } from '../core/task-rows.interface.js';
import { type DecideWebhooks, shownWebhooks } from '../core/webhook-rules.js';
import type { ConfiguredWebhook, WebhookRows } from '../core/webhook-rows.interface.js';
import { configuredWebhooks, lastTried, webhookRows } from '../stored/decide-on-webhooks.js';
import type { StoredDelivery } from '../stored/stored-webhook.js';
import type { MemoryRow } from './memory-row.js';
import { MemoryTables } from './memory-tables.js';
import { configCost, patchQueues } from './push-queues.js';

/** Webhooks of tasks, in this process's memory. Throws RESOURCE_EXHAUSTED when the limit is reached and no task has ended. */
@Injectable()
export class MemoryWebhookRows implements WebhookRows {
  constructor(private readonly tables: MemoryTables) {}

  async read(task: TaskRef): Promise<readonly ConfiguredWebhook[] | undefined> {
    const row = this.#find(task);
    return row && configuredWebhooks(row);
  }

  async change<T>(task: TaskRef, decide: DecideWebhooks<T>): Promise<T> {
    const row = this.#find(task);
    const { patch, result } = decide(row && webhookRows(row), Date.now());
    if (!row || !patch) return result;
    if (patch.stored && !this.tables.evictFor(row.owner, configCost(patch.stored.config)))
      throw this.tables.exhausted();
    // An ended task may have been deleted itself to free capacity.
    if (this.#find(task) !== row) return decide(undefined, Date.now()).result;
    patchQueues(this.tables, row, patch);
    return result;
  }

  async lastTried(taskId: string, configId: string): Promise<StoredDelivery | undefined> {
    return lastTried(this.tables.find(taskId), configId);
  }

  async countOf(owner: string, limit: number): Promise<number> {
    let count = 0;
    for (const row of this.tables.all()) {
      if (row.owner !== owner || !isOpen(row)) continue;
      count += shownWebhooks(webhookRows(row)).length;
      if (count >= limit) break;
    }
    return count;
  }

  #find({ taskId, scope }: TaskRef): MemoryRow | undefined {
    return scope ? this.tables.row(scope, taskId) : this.tables.find(taskId);
  }
}
