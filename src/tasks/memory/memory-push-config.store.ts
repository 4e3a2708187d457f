import { Injectable } from '@nestjs/common';
import { isTerminal } from '../../protocol/state/task-state.js';
import type { CallContext } from '../../security/call-context.js';
import { isFull } from '../core/message-rules.js';
import { pushConfigPage, pushConfigPageSize, pushConfigPosition } from '../push-config-page.js';
import type {
  PushConfig,
  PushConfigPage,
  PushConfigPageQuery,
  PushNotificationConfigStore,
  PutPushConfigResult,
} from '../push-config-store.interface.js';
import { MemoryTables } from './memory-tables.js';
import type { OutboxQueue } from './outbox-queue.js';
import { buryFirst, configCost, othersOf, putPushQueue, queueOf, removePushQueue } from './push-queues.js';

/** Webhooks of tasks, in this process's memory. Throws RESOURCE_EXHAUSTED when the limit is reached and no task has ended. */
@Injectable()
export class MemoryPushConfigStore implements PushNotificationConfigStore {
  constructor(private readonly tables: MemoryTables) {}

  async put(context: CallContext, taskId: string, config: PushConfig, limit: number): Promise<PutPushConfigResult> {
    const row = this.tables.row(context, taskId);
    if (!row) return 'missing';
    if (isFull(othersOf(row, config.id), limit)) return 'full';
    if (!this.tables.makeRoom(row.owner, configCost(config))) throw this.tables.exhausted();
    // An ended task may have been deleted itself to free capacity.
    if (this.tables.row(context, taskId) !== row) return 'missing';
    putPushQueue(this.tables, row, config);
    return 'stored';
  }

  async get(context: CallContext, taskId: string, configId: string): Promise<PushConfig | undefined> {
    const row = this.tables.row(context, taskId);
    const queue = row && queueOf(row, configId);
    return queue?.active ? structuredClone(queue.config) : undefined;
  }

  async list(
    context: CallContext,
    taskId: string,
    query: PushConfigPageQuery = {},
  ): Promise<PushConfigPage | undefined> {
    const after = pushConfigPosition(query, context, taskId);
    const queues = this.tables.row(context, taskId)?.queues;
    if (!queues) return undefined;
    const rows = queues
      .filter(({ active }) => active)
      .sort((a, b) => compare(keyOf(a), keyOf(b)))
      .filter((queue) => !after || compare(keyOf(queue), [after.time, after.id]) > 0)
      .slice(0, pushConfigPageSize(query) + 1)
      .map(({ config, createdAt }) => ({ config: structuredClone(config), createdAt }));
    return pushConfigPage(rows, query, context, taskId);
  }

  async delete(context: CallContext, taskId: string, configId: string): Promise<boolean> {
    const row = this.tables.row(context, taskId);
    const queue = row && queueOf(row, configId);
    if (queue) removePushQueue(this.tables, queue);
    return row !== undefined;
  }

  async countOf(owner: string, limit: number): Promise<number> {
    let count = 0;
    for (const row of this.tables.all()) {
      if (row.owner !== owner || isTerminal(row.state)) continue;
      count += row.queues.filter(({ active }) => active).length;
      if (count >= limit) break;
    }
    return count;
  }

  async disable(taskId: string, configId: string, reason: string): Promise<void> {
    const row = this.tables.find(taskId);
    const queue = row && queueOf(row, configId);
    if (!queue) return;
    queue.active = false;
    while (queue.owed.length > 0) buryFirst(this.tables, queue, reason);
  }
}

type Key = readonly [createdAt: string, id: string];

const keyOf = ({ createdAt, config }: OutboxQueue): Key => [createdAt, config.id];

function compare([timeA, idA]: Key, [timeB, idB]: Key): number {
  if (timeA !== timeB) return timeA < timeB ? -1 : 1;
  return idA === idB ? 0 : idA < idB ? -1 : 1;
}
