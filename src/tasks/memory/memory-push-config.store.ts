import { Injectable } from '@nestjs/common';
import { isTerminal } from '../../protocol/state/task-state.js';
import type { CallContext } from '../../security/call-context.js';
import { isFull } from '../core/message-rules.js';
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
  removeWebhook,
} from '../stored/stored-webhook.js';
import { MemoryTables } from './memory-tables.js';
import type { OutboxQueue } from './outbox-queue.js';
import { configCost, putPushQueue, queueOf, requeue } from './push-queues.js';

/** Webhooks of tasks, in this process's memory. Throws RESOURCE_EXHAUSTED when the limit is reached and no task has ended. */
@Injectable()
export class MemoryPushConfigStore implements PushNotificationConfigStore {
  constructor(private readonly tables: MemoryTables) {}

  async put(context: CallContext, taskId: string, config: PushConfig, limit: number): Promise<PutPushConfigResult> {
    const row = this.tables.row(context, taskId);
    if (!row) return 'missing';
    if (isFull(otherWebhooks(row.webhooks, config.id), limit)) return 'full';
    if (!this.tables.evictFor(row.owner, configCost(config))) throw this.tables.exhausted();
    // An ended task may have been deleted itself to free capacity.
    if (this.tables.row(context, taskId) !== row) return 'missing';
    putPushQueue(this.tables, row, config);
    return 'stored';
  }

  async get(context: CallContext, taskId: string, configId: string): Promise<PushConfig | undefined> {
    const row = this.tables.row(context, taskId);
    const found = row && callersWebhooks(row.webhooks).find(({ config }) => config.id === configId);
    return structuredClone(found?.config);
  }

  async list(
    context: CallContext,
    taskId: string,
    query: PushConfigPageQuery = {},
  ): Promise<PushConfigPage | undefined> {
    const after = pushConfigPosition(query, context, taskId);
    const row = this.tables.row(context, taskId);
    if (!row) return undefined;
    const rows = callersWebhooks(row.webhooks)
      .sort((a, b) => compare(keyOf(a), keyOf(b)))
      .filter((queue) => !after || compare(keyOf(queue), [after.time, after.id]) > 0)
      .slice(0, pushConfigPageSize(query) + 1)
      .map(({ config, createdAt }) => ({ config: structuredClone(config), createdAt }));
    return pushConfigPage(rows, query, context, taskId);
  }

  async disabled(context: CallContext, taskId: string, configId?: string): Promise<DisabledPushConfig | undefined> {
    return disabledWebhook(this.tables.row(context, taskId)?.webhooks ?? [], configId);
  }

  async delete(context: CallContext, taskId: string, configId: string): Promise<boolean> {
    const row = this.tables.row(context, taskId);
    const removed = row && removeWebhook(row, configId);
    if (removed) this.tables.dropQueue(removed as OutboxQueue);
    return row !== undefined;
  }

  async countOf(owner: string, limit: number): Promise<number> {
    let count = 0;
    for (const row of this.tables.all()) {
      if (row.owner !== owner || isTerminal(row.state)) continue;
      count += callersWebhooks(row.webhooks).length;
      if (count >= limit) break;
    }
    return count;
  }

  async disable(taskId: string, configId: string, reason: string): Promise<void> {
    const row = this.tables.find(taskId);
    const queue = row && queueOf(row, configId);
    if (!queue) return;
    disableWebhook(queue, reason);
    requeue(this.tables, queue);
  }
}

type Key = readonly [createdAt: string, id: string];

const keyOf = ({ createdAt, config }: OutboxQueue): Key => [createdAt, config.id];

function compare([timeA, idA]: Key, [timeB, idB]: Key): number {
  if (timeA !== timeB) return timeA < timeB ? -1 : 1;
  return idA === idB ? 0 : idA < idB ? -1 : 1;
}
