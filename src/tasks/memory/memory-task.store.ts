import { Injectable } from '@nestjs/common';
import type { StoredUsage } from '../../common/quotas/known-usage.js';
import { steadyNow } from '../../common/steady-now.js';
import type { ListTasksRequest, ListTasksResponse } from '../../protocol/model/index.js';
import { isTerminal } from '../../protocol/state/task-state.js';
import type { CallContext } from '../../security/call-context.js';
import { CommittedEvent } from '../committed-event.js';
import { RETENTION_FILTERS } from '../core/retention-filter.js';
import type { KnownMessage } from '../core/message-rules.js';
import { runOf } from '../core/task-row.js';
import type { ListLimits } from '../list-page.js';
import type { OpenTask } from '../open-task.js';
import { eventPage } from '../stored/event-page.js';
import { foldBitByBit, foldTask, trimLog } from '../stored/fold-task.js';
import { listTasks } from '../stored/list-tasks.js';
import { settledTasks } from '../stored/settled-tasks.js';
import { headOf, lastSeqOf, newStoredTask } from '../stored/stored-task.js';
import { usageOf } from '../stored/usage-of.js';
import type { TaskRecord, TaskSnapshot } from '../task-record.js';
import type {
  AppendResult,
  CreateResult,
  EventPage,
  EventPageLimits,
  NewTask,
  SettledTasks,
  RunAppend,
  TaskStore,
  UsageOf,
} from '../task-store.interface.js';
import { appendEvents } from './append-events.js';
import type { MemoryRow } from './memory-row.js';
import { ROW_COST } from './memory-stores.options.js';
import { MemoryTables } from './memory-tables.js';
import { configCost, owe, putPushQueue } from './push-queues.js';

/**
 * Tasks in this process's memory; they are lost when it ends. Throws RESOURCE_EXHAUSTED when the limit is reached and no task has
 * ended.
 */
@Injectable()
export class MemoryTaskStore implements TaskStore {
  constructor(private readonly tables: MemoryTables) {}

  async create(context: CallContext, task: NewTask): Promise<CreateResult> {
    const known = this.tables.message(context, task.messageId);
    if (known) return { created: false, taskId: known.taskId, sameContent: known.digest === task.digest };
    if (this.tables.find(task.taskId)) throw new Error(`The task id ${task.taskId} is taken.`);
    const row = newRow(context, task);
    const { pushConfigs = [], event } = task;
    const push = pushConfigs.reduce((sum, config) => sum + configCost(config) + event.bytes + ROW_COST.delivery, 0);
    if (!this.tables.evictFor(row.owner, row.held + push, 1)) throw this.tables.exhausted();
    this.tables.insert(row);
    this.tables.addMessage(row, task.messageId, task.digest);
    for (const config of pushConfigs) putPushQueue(this.tables, row, config);
    owe(this.tables, row, 1, event);
    return { created: true, run: runOf(row), event: CommittedEvent.of(row, 1, task.event) };
  }

  async append(append: RunAppend): Promise<AppendResult> {
    return appendEvents(this.tables, append);
  }

  async byMessageId(context: CallContext, messageId: string): Promise<KnownMessage | undefined> {
    const known = this.tables.message(context, messageId);
    return known && { taskId: known.taskId, digest: known.digest };
  }

  async head(context: CallContext, taskId: string): Promise<TaskRecord | undefined> {
    const row = this.tables.row(context, taskId);
    return row && headOf(row);
  }

  async get(context: CallContext, taskId: string): Promise<TaskSnapshot | undefined> {
    const row = this.tables.row(context, taskId);
    return row && { head: headOf(row), seq: lastSeqOf(row), task: foldTask(row) };
  }

  async open(context: CallContext, taskId: string): Promise<OpenTask | undefined> {
    const row = this.tables.row(context, taskId);
    if (!row) return undefined;
    const head = headOf(row);
    return { head, read: () => foldBitByBit(row, head.lastSeq) };
  }

  list(context: CallContext, query: ListTasksRequest, limits?: ListLimits): Promise<ListTasksResponse> {
    const { tables } = this;
    const tasks = { all: tables.rowsOf(context), find: (taskId: string) => tables.row(context, taskId) };
    return listTasks(tasks, query, context, limits);
  }

  async eventsAfter(
    context: CallContext,
    taskId: string,
    afterSeq: number,
    limits?: EventPageLimits,
  ): Promise<EventPage | undefined> {
    const row = this.tables.row(context, taskId);
    return row && eventPage(row, afterSeq, limits);
  }

  async lastSeqs(
    tasks: readonly { taskId: string; owner: string; tenant: string; agent: string }[],
  ): Promise<Map<string, number>> {
    const rows = tasks.map((task) => this.tables.row(task, task.taskId)).filter((row) => row !== undefined);
    return new Map(rows.map((row) => [row.taskId, lastSeqOf(row)]));
  }

  async usage(of: UsageOf, maxTasks?: number): Promise<StoredUsage> {
    return usageOf(this.tables.all(), of, maxTasks);
  }

  async delete(context: CallContext, taskId: string): Promise<boolean> {
    const row = this.tables.row(context, taskId);
    if (row) this.tables.delete(row);
    return row !== undefined;
  }

  async deleteEnded(which: SettledTasks, limit: number): Promise<number> {
    const rows = this.#settled('deletable', which, limit);
    for (const row of rows) this.tables.expire(row);
    return rows.length;
  }

  async trimEnded(which: SettledTasks, limit: number): Promise<number> {
    const rows = this.#settled('trimmable', which, limit);
    for (const row of rows) await this.trim(row.taskId, lastSeqOf(row));
    return rows.length;
  }

  async expiredInputRequired(which: SettledTasks, limit: number): Promise<TaskRecord[]> {
    return this.#settled('abandoned', which, limit).map(headOf);
  }

  #settled(filter: keyof typeof RETENTION_FILTERS, which: SettledTasks, limit: number): MemoryRow[] {
    const { ended, holds } = this.tables;
    const rows = RETENTION_FILTERS[filter].ended ? ended : this.tables.all();
    return settledTasks(rows, filter, which, limit, (owner) => holds.has(owner));
  }

  async forgetMessages(olderThanMs: number, limit: number): Promise<number> {
    const { tables } = this;
    let forgotten = 0;
    for (const orphan of tables.orphans) {
      if (forgotten >= limit) return forgotten;
      // Oldest first, except messages of a task that ended later than another task with younger messages.
      if (orphan.sentAt >= steadyNow() - olderThanMs) continue;
      tables.dropOrphan(orphan);
      forgotten++;
    }
    for (const row of tables.ended) {
      for (const messageId of [...row.messageIds]) {
        if (forgotten >= limit) return forgotten;
        const sentAt = tables.message(row, messageId)?.sentAt ?? Infinity;
        if (sentAt >= steadyNow() - olderThanMs) continue;
        tables.dropMessage(row, messageId);
        tables.charge(row, -ROW_COST.message);
        forgotten++;
      }
    }
    return forgotten;
  }

  async trim(taskId: string, upToSeq: number): Promise<void> {
    const row = this.tables.find(taskId);
    if (!row || !isTerminal(row.state) || upToSeq <= row.trimmedSeq) return;
    const bytesOf = (): number =>
      Buffer.byteLength(row.snapshot ?? '') + row.log.reduce((sum, { bytes }) => sum + bytes + ROW_COST.event, 0);
    const before = bytesOf();
    trimLog(row, upToSeq);
    this.tables.charge(row, bytesOf() - before);
  }
}

/** A spread of so many members would make an object that is slow to use. */
const newRow = (context: CallContext, task: NewTask): MemoryRow =>
  Object.assign(newStoredTask(context, task), {
    place: undefined,
    messageIds: [],
    webhooks: [],
    held: ROW_COST.task + ROW_COST.event + ROW_COST.message + task.event.bytes,
  });
