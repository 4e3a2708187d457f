import { Injectable } from '@nestjs/common';
import { steadyNow } from '../../common/steady-now.js';
import type { Decide } from '../core/decision.js';
import { startQueued } from '../core/run-rules.js';
import type { TaskFilter } from '../core/task-filter.js';
import type { FactName } from '../core/task-row.js';
import type { RunQueue, TaskRef, TaskRows } from '../core/task-rows.interface.js';
import { ProcessReplicas } from '../one-process/process-replicas.js';
import type { ClaimedRun, QueueDemand } from '../run-store.interface.js';
import { startedTurnOf, decideOnTask, findTasks } from '../stored/decide-on-task.js';
import type { RunRef, TaskRecord } from '../task-record.js';
import type { StartedTurn } from '../turn-request.js';
import type { MemoryRow } from './memory-row.js';
import { MemoryTables } from './memory-tables.js';

/** Rows of tasks in this process's memory. */
@Injectable()
export class MemoryTaskRows implements TaskRows {
  readonly exclusive = true;
  readonly replicas = new ProcessReplicas();
  readonly queue: RunQueue = {
    claim: async (replicaId, wanted) => this.#claim(replicaId, wanted),
    count: async (limit, owner) => this.tables.waiting.count(limit, owner),
  };

  constructor(private readonly tables: MemoryTables) {}

  async change<T>({ taskId, scope }: TaskRef, _facts: readonly FactName[], decide: Decide<T>): Promise<T> {
    return this.#change(this.tables.find(taskId, scope), decide);
  }

  async find(filter: TaskFilter): Promise<TaskRecord[]> {
    return findTasks(this.#candidates(filter), filter, this.replicas.isAlive);
  }

  async startedTurn(run: RunRef): Promise<StartedTurn | undefined> {
    return startedTurnOf(this.tables.row(run, run.taskId), run);
  }

  #claim(replicaId: string, wanted: QueueDemand): ClaimedRun[] {
    const chosen = this.tables.waiting.next(wanted, steadyNow());
    return chosen.map((row) => this.#change(row, startQueued(replicaId))).filter((claimed) => claimed !== undefined);
  }

  #change<T>(row: MemoryRow | undefined, decide: Decide<T>): T {
    const { result, changed } = decideOnTask(row, decide, this.replicas.isAlive);
    if (row && changed) this.tables.reindex(row);
    return result;
  }

  /** The smallest set that holds everything that the filter finds. */
  #candidates({ runBy, hasMessage }: TaskFilter): Iterable<MemoryRow> {
    if (runBy !== undefined && runBy !== 'nobody') return this.tables.running;
    return hasMessage ? this.tables.addressed : this.tables.all();
  }
}
