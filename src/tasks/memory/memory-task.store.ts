import { Injectable } from '@nestjs/common';
import type { ListTasksRequest, ListTasksResponse } from '../../protocol/model/index.js';
import { isInterrupted, isTerminal } from '../../protocol/state/task-state.js';
import type { CallContext } from '../../security/call-context.js';
import { CommittedEvent } from '../committed-event.js';
import type { ListLimits } from '../list-page.js';
import type { OpenTask } from '../open-task.js';
import { statusTime } from '../status-time.js';
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
} from '../task-store.interface.js';
import { appendEvents } from './append-events.js';
import { listRows } from './list-query.js';
import { memoryNow } from './memory-clock.js';
import { ROW_COST } from './memory-stores.options.js';
import { MemoryTables } from './memory-tables.js';
import { configCost, owe, putPushQueue } from './push-queues.js';
import type { KnownMessage } from '../core/message-rules.js';
import { newTaskCounters } from '../core/new-task.js';
import { runOf } from '../core/task-row.js';
import { eventsFrom, foldBitByBit, foldRow, foldUpTo, headOf, lastSeqOf, type MemoryRow, rowOf } from './memory-row.js';

const DEFAULT_PAGE = { limit: 256, maxBytes: 1024 * 1024 };

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
    const { pushConfig, event } = task;
    const push = pushConfig ? configCost(pushConfig) + event.bytes + ROW_COST.delivery : 0;
    if (!this.tables.makeRoom(row.owner, row.held + push, 1)) throw this.tables.exhausted();
    this.tables.insert(row);
    this.tables.addMessage(row, task.messageId, task.digest);
    if (pushConfig) {
      putPushQueue(this.tables, row, pushConfig);
      owe(this.tables, row, 1, event);
    }
    return { created: true, run: runOf(rowOf(row)), event: CommittedEvent.of(row, 1, task.event) };
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
    return row && { head: headOf(row), seq: lastSeqOf(row), task: foldRow(row) };
  }

  async open(context: CallContext, taskId: string): Promise<OpenTask | undefined> {
    const row = this.tables.row(context, taskId);
    if (!row) return undefined;
    const head = headOf(row);
    return { head, read: () => foldBitByBit(row, head.lastSeq) };
  }

  list(context: CallContext, query: ListTasksRequest, limits?: ListLimits): Promise<ListTasksResponse> {
    return listRows(this.tables, query, context, limits);
  }

  async eventsAfter(
    context: CallContext,
    taskId: string,
    afterSeq: number,
    limits: EventPageLimits = {},
  ): Promise<EventPage | undefined> {
    const row = this.tables.row(context, taskId);
    if (!row) return undefined;
    const lastSeq = lastSeqOf(row);
    if (afterSeq < row.trimmedSeq) return { events: [], lastSeq, trimmed: true };
    const count = pageLength(row, afterSeq, limits);
    return { events: eventsFrom(row, afterSeq + 1, count), lastSeq, trimmed: false };
  }

  async lastSeqs(
    tasks: readonly { taskId: string; owner: string; tenant: string; agent: string }[],
  ): Promise<Map<string, number>> {
    const rows = tasks.map((task) => this.tables.row(task, task.taskId)).filter((row) => row !== undefined);
    return new Map(rows.map((row) => [row.taskId, lastSeqOf(row)]));
  }

  async delete(context: CallContext, taskId: string): Promise<boolean> {
    const row = this.tables.row(context, taskId);
    if (row) this.tables.delete(row);
    return row !== undefined;
  }

  async deleteEnded(which: SettledTasks, limit: number): Promise<number> {
    const owes = ({ queues }: MemoryRow): boolean => queues.some(({ owed }) => owed.length > 0);
    const rows = restingIn(this.tables.ended, which, limit, (row) => !owes(row));
    for (const row of rows) this.tables.expire(row);
    return rows.length;
  }

  async trimEnded(which: SettledTasks, limit: number): Promise<number> {
    const rows = restingIn(this.tables.ended, which, limit, ({ trimmedSeq }) => trimmedSeq === 0);
    for (const row of rows) await this.trim(row.taskId, lastSeqOf(row));
    return rows.length;
  }

  async expiredInputRequired(which: SettledTasks, limit: number): Promise<TaskRecord[]> {
    const { waiting } = this.tables;
    const waits = (row: MemoryRow): boolean =>
      isInterrupted(row.state) && row.runOwner === undefined && row.inbox.length === 0 && !waiting.has(row);
    return restingIn(this.tables.all(), which, limit, waits).map(headOf);
  }

  async forgetMessages(olderThanMs: number, limit: number): Promise<number> {
    const { tables } = this;
    let forgotten = 0;
    for (const orphan of tables.orphans) {
      if (forgotten >= limit) return forgotten;
      // Oldest first, except messages of a task that ended later than another task with younger messages.
      if (orphan.sentAt >= memoryNow() - olderThanMs) continue;
      tables.dropOrphan(orphan);
      forgotten++;
    }
    for (const row of tables.ended) {
      for (const messageId of [...row.messageIds]) {
        if (forgotten >= limit) return forgotten;
        const sentAt = tables.message(row, messageId)?.sentAt ?? Infinity;
        if (sentAt >= memoryNow() - olderThanMs) continue;
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
    const count = Math.min(upToSeq, lastSeqOf(row)) - row.trimmedSeq;
    const before = row.snapshot;
    row.snapshot = JSON.stringify(foldUpTo(row, row.trimmedSeq + count));
    const freed = row.log.splice(0, count).reduce((sum, { bytes }) => sum + bytes + ROW_COST.event, 0);
    row.trimmedSeq += count;
    this.tables.charge(
      row,
      Buffer.byteLength(row.snapshot) - (before === undefined ? 0 : Buffer.byteLength(before)) - freed,
    );
  }
}

function newRow({ owner, tenant, agent }: CallContext, { taskId, contextId, event, runOwner }: NewTask): MemoryRow {
  const now = memoryNow();
  const { queued, ...counters } = newTaskCounters(runOwner);
  return {
    owner,
    tenant,
    agent,
    taskId,
    contextId,
    state: event.state ?? 'TASK_STATE_SUBMITTED',
    statusAt: statusTime(event.statusAt) ?? new Date().toISOString(),
    bytes: event.bytes,
    runOwner,
    ...counters,
    createdAt: now,
    notBefore: queued ? now : undefined,
    cancelRequestedAt: undefined,
    trimmedSeq: 0,
    stateAt: memoryNow(),
    snapshot: undefined,
    log: [event],
    inbox: [],
    messageIds: [],
    queues: [],
    held: ROW_COST.task + ROW_COST.event + ROW_COST.message + event.bytes,
  };
}

/** The rows that `also` accepts, in the order in which they settled. */
function restingIn(
  rows: Iterable<MemoryRow>,
  { agent, state, forMs }: SettledTasks,
  limit: number,
  also: (row: MemoryRow) => boolean,
): MemoryRow[] {
  const since = memoryNow() - forMs;
  const found: MemoryRow[] = [];
  for (const row of rows) {
    if (found.length === limit) break;
    if (row.agent === agent && row.state === state && row.stateAt <= since && also(row)) found.push(row);
  }
  return found;
}

/** How many events after `afterSeq` fit on a page. */
function pageLength(row: MemoryRow, afterSeq: number, limits: EventPageLimits): number {
  const { limit, maxBytes } = { ...DEFAULT_PAGE, ...limits };
  let [count, bytes] = [0, 0];
  for (let index = afterSeq - row.trimmedSeq; index < row.log.length && count < limit && bytes < maxBytes; index++) {
    bytes += row.log[index]?.bytes ?? 0;
    count++;
  }
  return count;
}
