import { Injectable } from '@nestjs/common';
import { isInterrupted, isTerminal } from '../../protocol/state/task-state.js';
import type { CallContext } from '../../security/call-context.js';
import { placeInMs } from '../hand-back.js';
import type {
  ClaimedRun,
  RequeueOptions,
  RequeueResult,
  ReleaseResult,
  Replica,
  RunStore,
  WaitingWanted,
} from '../run-store.interface.js';
import type { RunRef, TaskRecord } from '../task-record.js';
import { type BegunTurn, begunTurn } from '../turn-request.js';
import { memoryNow } from './memory-clock.js';
import { MemoryTables } from './memory-tables.js';
import { claimOf, headOf, type TaskRow } from './task-row.js';

/** Who runs which task, in this process's memory. */
@Injectable()
export class MemoryRunStore implements RunStore {
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

  async claimTurn(context: CallContext, taskId: string, replicaId: string): Promise<ClaimedRun | undefined> {
    const row = this.tables.row(context, taskId);
    if (!row || !this.#awaitsTurn(row)) return undefined;
    return this.#own(row, replicaId, { turn: row.turn + 1, ...FIRST_ATTEMPT });
  }

  async enqueueTurn(context: CallContext, taskId: string): Promise<boolean> {
    const row = this.tables.row(context, taskId);
    if (!row || !this.#awaitsTurn(row)) return false;
    Object.assign(row, { turn: row.turn + 1, ...NO_ATTEMPT, fence: row.fence + 1, notBefore: memoryNow() });
    this.tables.reindex(row);
    return true;
  }

  async nextTurn(run: RunRef, from: number): Promise<boolean> {
    const row = this.#rowOf(run);
    if (!row || isTerminal(row.state) || row.runOwner === undefined) return false;
    if (row.turn !== from && row.turn !== from + 1) return false;
    Object.assign(row, { turn: from + 1, ...FIRST_ATTEMPT });
    return true;
  }

  async release(run: RunRef): Promise<ReleaseResult> {
    const row = this.#rowOf(run);
    if (!row) return 'fenced';
    if (isTerminal(row.state) || row.runOwner === undefined) return 'released';
    if (row.cancelRequestedAt !== undefined) return 'canceled';
    if (row.inbox.length > 0) return 'inbox';
    row.runOwner = undefined;
    this.tables.reindex(row);
    return 'released';
  }

  async requeue(run: RunRef, options: RequeueOptions): Promise<RequeueResult> {
    const row = this.tables.row(run, run.taskId);
    if (row?.fence === run.fence + 1 && this.tables.waiting.has(row)) return 'waiting';
    if (row?.fence !== run.fence) return 'fenced';
    if (isTerminal(row.state)) return 'terminal';
    if (row.runOwner === undefined) return 'fenced';
    if (row.cancelRequestedAt !== undefined) return 'canceled';
    row.runOwner = undefined;
    row.fence++;
    if (options.failed) row.failures++;
    const inMs = placeInMs(options);
    row.notBefore = inMs === undefined ? row.createdAt : memoryNow() + inMs;
    this.tables.reindex(row);
    return 'waiting';
  }

  async takeover(taskId: string, replicaId: string): Promise<ClaimedRun | undefined> {
    const row = this.tables.find(taskId);
    return row && this.#orphaned(row) ? this.#own(row, replicaId, oneLostMore(row)) : undefined;
  }

  async forceClaim(context: CallContext, taskId: string, replicaId: string): Promise<ClaimedRun | undefined> {
    const row = this.tables.row(context, taskId);
    return row && !isTerminal(row.state) ? this.#own(row, replicaId) : undefined;
  }

  async requestCancel(context: CallContext, taskId: string): Promise<TaskRecord | undefined> {
    const row = this.tables.row(context, taskId);
    if (row && !isTerminal(row.state)) row.cancelRequestedAt ??= new Date().toISOString();
    return row && headOf(row);
  }

  async cancelRequests(replicaId: string): Promise<string[]> {
    const asked = [...this.tables.running].filter(
      (row) => row.runOwner === replicaId && row.cancelRequestedAt !== undefined,
    );
    return asked.map(({ taskId }) => taskId);
  }

  async orphanedRuns(limit: number, agents: readonly string[], after = ''): Promise<TaskRecord[]> {
    const orphans = [...this.tables.running].filter((row) => this.#orphaned(row) && agents.includes(row.agent));
    return oldest(orphans, limit, after);
  }

  async unstartedRuns(replicaId: string, running: readonly string[], limit: number, after = ''): Promise<TaskRecord[]> {
    const run = new Set(running);
    return oldest(
      [...this.tables.running].filter((row) => row.runOwner === replicaId && !run.has(row.taskId)),
      limit,
      after,
    );
  }

  async reclaim(run: RunRef, from: string, to: string, started: boolean): Promise<ClaimedRun | undefined> {
    const row = this.#rowOf(run);
    if (!row || row.runOwner !== from || isTerminal(row.state)) return undefined;
    return this.#own(row, to, started ? oneLostMore(row) : {});
  }

  async tasksWithPendingMessages(limit: number, agents: readonly string[], after = ''): Promise<TaskRecord[]> {
    const unanswered = [...this.tables.addressed].filter((row) => this.#awaitsTurn(row) && agents.includes(row.agent));
    return oldest(unanswered, limit, after);
  }

  async forgotten(limit: number, agents: readonly string[], forMs: number, after = ''): Promise<TaskRecord[]> {
    const since = new Date(Date.now() - forMs).toISOString();
    const forgotten = [...this.tables.all()].filter(
      (row) =>
        this.#forgotten(row) &&
        row.inbox.length === 0 &&
        agents.includes(row.agent) &&
        (row.cancelRequestedAt ?? row.statusAt) <= since,
    );
    return oldest(forgotten, limit, after);
  }

  async adopt(run: RunRef, replicaId: string): Promise<ClaimedRun | undefined> {
    const row = this.#rowOf(run);
    return row && this.#forgotten(row) ? this.#own(row, replicaId, oneLostMore(row)) : undefined;
  }

  async begunTurn(run: RunRef): Promise<BegunTurn | undefined> {
    const row = this.#rowOf(run);
    const event = row?.log.findLast(({ inbound }, index) => inbound !== undefined || index === 0);
    return row && event && begunTurn(event, row.turn);
  }

  async claimWaiting(replicaId: string, wanted: WaitingWanted): Promise<ClaimedRun[]> {
    const next = this.tables.waiting.next(wanted, memoryNow());
    return next.map((row) => this.#own(row, replicaId, { attempt: row.attempt + 1 }));
  }

  async countWaiting(limit: number, owner?: string): Promise<number> {
    return this.tables.waiting.count(limit, owner);
  }

  /** A message waits for it, and nobody is to start its turn yet. */
  #awaitsTurn(row: TaskRow): boolean {
    const idle = row.runOwner === undefined && !isTerminal(row.state);
    return idle && row.inbox.length > 0 && !this.tables.waiting.has(row);
  }

  #own(row: TaskRow, replicaId: string, changes: Partial<TaskRow> = {}): ClaimedRun {
    Object.assign(row, changes, { runOwner: replicaId, notBefore: undefined, fence: row.fence + 1 });
    this.tables.reindex(row);
    return claimOf(row);
  }

  #rowOf(run: RunRef): TaskRow | undefined {
    const row = this.tables.row(run, run.taskId);
    return row?.fence === run.fence ? row : undefined;
  }

  /** Not by the time of day, which can be set. */
  #renew(replicaId: string, leaseMs: number): void {
    this.tables.replicas.set(replicaId, { leaseMs, mark: this.tables.nextId(), renewedAt: performance.now() });
  }

  #forgotten(row: TaskRow): boolean {
    const idle = row.runOwner === undefined && !isTerminal(row.state) && !this.tables.waiting.has(row);
    return idle && (!isInterrupted(row.state) || row.cancelRequestedAt !== undefined);
  }

  #orphaned(row: TaskRow): boolean {
    return row.runOwner !== undefined && !isTerminal(row.state) && !this.tables.replicas.has(row.runOwner);
  }
}

const FIRST_ATTEMPT = { attempt: 1, losses: 0, failures: 0 };
const NO_ATTEMPT = { ...FIRST_ATTEMPT, attempt: 0 };
const oneLostMore = ({ attempt, losses }: TaskRow) => ({ attempt: attempt + 1, losses: losses + 1 });

/** In the order of their ids, which are made of their times. */
const oldest = (rows: readonly TaskRow[], limit: number, after: string): TaskRecord[] =>
  rows
    .filter(({ taskId }) => taskId > after)
    .sort((a, b) => compare(a.taskId, b.taskId))
    .slice(0, limit)
    .map(headOf);
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
