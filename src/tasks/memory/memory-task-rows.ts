import { Injectable } from '@nestjs/common';
import type { Decide, TaskPatch } from '../core/decision.js';
import { startQueued } from '../core/run-rules.js';
import { type TaskFilter, matches } from '../core/task-filter.js';
import { type FactName, type TaskFacts, recordOf } from '../core/task-row.js';
import type { ReplicaRegistry, RunQueue, TaskRef, TaskRows } from '../core/task-rows.interface.js';
import type { ClaimedRun, WaitingWanted } from '../run-store.interface.js';
import type { RunRef, TaskRecord } from '../task-record.js';
import { type BegunTurn, begunTurn } from '../turn-request.js';
import { memoryNow } from './memory-clock.js';
import { type MemoryRow, rowOf } from './memory-row.js';
import { MemoryReplicaRegistry } from './memory-replica-registry.js';
import { MemoryTables } from './memory-tables.js';

/** Rows of tasks in this process's memory. */
@Injectable()
export class MemoryTaskRows implements TaskRows {
  readonly exclusive = true;
  readonly replicas: ReplicaRegistry;
  readonly queue: RunQueue = {
    claim: async (replicaId, wanted) => this.#claim(replicaId, wanted),
    count: async (limit, owner) => this.tables.waiting.count(limit, owner),
  };

  constructor(private readonly tables: MemoryTables) {
    this.replicas = new MemoryReplicaRegistry(tables);
  }

  async change<T>({ taskId, scope }: TaskRef, _facts: readonly FactName[], decide: Decide<T>): Promise<T> {
    return this.#change(scope ? this.tables.row(scope, taskId) : this.tables.find(taskId), decide);
  }

  async find(filter: TaskFilter): Promise<TaskRecord[]> {
    const now = Date.now();
    return [...this.#candidates(filter)]
      .filter((row) => matches(rowOf(row), filter, this.#facts(row), now))
      .sort((a, b) => (a.taskId < b.taskId ? -1 : 1))
      .slice(0, filter.limit)
      .map((row) => recordOf(rowOf(row)));
  }

  async begunTurn(run: RunRef): Promise<BegunTurn | undefined> {
    const row = this.tables.row(run, run.taskId);
    if (row?.fence !== run.fence) return undefined;
    const event = row.log.findLast(({ inbound }, index) => inbound !== undefined || index === 0);
    return event && begunTurn(event, row.turn);
  }

  #claim(replicaId: string, wanted: WaitingWanted): ClaimedRun[] {
    const chosen = this.tables.waiting.next(wanted, memoryNow());
    return chosen.map((row) => this.#change(row, startQueued(replicaId))).filter((claimed) => claimed !== undefined);
  }

  #change<T>(row: MemoryRow | undefined, decide: Decide<T>): T {
    const decision = decide(row && rowOf(row), this.#facts(row));
    if (!row || !decision.patch) return decision.result as T;
    applyPatch(row, decision.patch);
    this.tables.reindex(row);
    return decision.result(rowOf(row));
  }

  #facts(row: MemoryRow | undefined): TaskFacts {
    const ownerAlive = row?.runOwner !== undefined && this.tables.replicas.has(row.runOwner);
    return { hasMessage: (row?.inbox.length ?? 0) > 0, ownerAlive };
  }

  /** The smallest set that holds everything that the filter finds. */
  #candidates({ runBy, hasMessage }: TaskFilter): Iterable<MemoryRow> {
    if (runBy !== undefined && runBy !== 'nobody') return this.tables.running;
    return hasMessage ? this.tables.addressed : this.tables.all();
  }
}

function applyPatch(row: MemoryRow, { runOwner, queue, requestCancel, ...counters }: TaskPatch): void {
  Object.assign(row, counters);
  if (runOwner !== undefined) row.runOwner = runOwner ?? undefined;
  if (queue === null) row.notBefore = undefined;
  else if (queue) row.notBefore = queue === 'created' ? row.createdAt : memoryNow() + queue.inMs;
  if (requestCancel) row.cancelRequestedAt = new Date().toISOString();
}
