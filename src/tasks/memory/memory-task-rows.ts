import { Injectable } from '@nestjs/common';
import type { Decide, TaskPatch } from '../core/decision.js';
import { startQueued } from '../core/run-rules.js';
import { type TaskFilter, matches } from '../core/task-filter.js';
import { type FactName, type TaskFacts, recordOf } from '../core/task-row.js';
import type { TaskRef, TaskRows } from '../core/task-rows.interface.js';
import type { ClaimedRun, Replica, WaitingWanted } from '../run-store.interface.js';
import type { RunRef, TaskRecord } from '../task-record.js';
import { type BegunTurn, begunTurn } from '../turn-request.js';
import { memoryNow } from './memory-clock.js';
import { type MemoryRow, rowOf } from './memory-row.js';
import { MemoryTables } from './memory-tables.js';

/** Rows of tasks in this process's memory. */
@Injectable()
export class MemoryTaskRows implements TaskRows {
  readonly exclusive = true;

  constructor(private readonly tables: MemoryTables) {}

  async registerReplica(replicaId: string, leaseMs: number): Promise<void> {
    this.#renew(replicaId, leaseMs);
  }

  async renewReplica(replicaId: string, leaseMs: number): Promise<boolean> {
    const alive = this.tables.replicas.has(replicaId);
    if (alive) this.#renew(replicaId, leaseMs);
    return alive;
  }

  async removeReplica(replicaId: string): Promise<void> {
    this.tables.replicas.delete(replicaId);
  }

  async replicas(): Promise<Replica[]> {
    const now = performance.now();
    return [...this.tables.replicas].map(([id, { leaseMs, mark, renewedAt }]) => ({
      ...{ id, leaseMs, mark },
      ageMs: now - renewedAt,
    }));
  }

  async expireReplica(replicaId: string, mark: string): Promise<boolean> {
    return this.tables.replicas.get(replicaId)?.mark === mark && this.tables.replicas.delete(replicaId);
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

  async claimWaiting(replicaId: string, wanted: WaitingWanted): Promise<ClaimedRun[]> {
    const chosen = this.tables.waiting.next(wanted, memoryNow());
    return chosen.map((row) => this.#change(row, startQueued(replicaId))).filter((claimed) => claimed !== undefined);
  }

  async countWaiting(limit: number, owner?: string): Promise<number> {
    return this.tables.waiting.count(limit, owner);
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

  /** The smallest set that holds all that the filter finds. */
  #candidates({ runBy, hasMessage }: TaskFilter): Iterable<MemoryRow> {
    if (runBy !== undefined && runBy !== 'nobody') return this.tables.running;
    return hasMessage ? this.tables.addressed : this.tables.all();
  }

  /** Not by the time of day, which can be set. */
  #renew(replicaId: string, leaseMs: number): void {
    this.tables.replicas.set(replicaId, { leaseMs, mark: this.tables.nextId(), renewedAt: performance.now() });
  }
}

function applyPatch(row: MemoryRow, { runOwner, queue, requestCancel, ...counters }: TaskPatch): void {
  Object.assign(row, counters);
  if (runOwner !== undefined) row.runOwner = runOwner ?? undefined;
  if (queue === null) row.notBefore = undefined;
  else if (queue) row.notBefore = queue === 'created' ? row.createdAt : memoryNow() + queue.inMs;
  if (requestCancel) row.cancelRequestedAt = new Date().toISOString();
}
