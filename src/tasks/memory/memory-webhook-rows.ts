import { Injectable } from '@nestjs/common';
import type { TaskRef } from '../core/task-rows.interface.js';
import type { DecideWebhooks } from '../core/webhook-rules.js';
import { TableWebhookRows } from '../one-process/table-webhook-rows.js';
import { webhookRows } from '../stored/decide-on-webhooks.js';
import { MemoryTables } from './memory-tables.js';
import { configCost, patchQueues } from './push-queues.js';

/** Webhooks of tasks, in this process's memory. Throws RESOURCE_EXHAUSTED when the limit is reached and no task has ended. */
@Injectable()
export class MemoryWebhookRows extends TableWebhookRows {
  constructor(private readonly tables: MemoryTables) {
    super({ tasks: () => tables.all(), find: (id, scope) => tables.find(id, scope), stored: async (answer) => answer });
  }

  override async change<T>({ taskId, scope }: TaskRef, decide: DecideWebhooks<T>): Promise<T> {
    const row = this.tables.find(taskId, scope);
    const { patch, result } = decide(row && webhookRows(row), Date.now());
    if (!row || !patch) return result;
    if (patch.stored && !this.tables.evictFor(row.owner, configCost(patch.stored.config)))
      throw this.tables.exhausted();
    // An ended task may have been deleted itself to free capacity.
    if (this.tables.find(taskId) !== row) return decide(undefined, Date.now()).result;
    patchQueues(this.tables, row, patch);
    return result;
  }
}
