import { steadyNow } from '../../common/steady-now.js';
import type { Decide } from '../core/decision.js';
import { startQueued } from '../core/run-rules.js';
import type { TaskFilter } from '../core/task-filter.js';
import type { FactName } from '../core/task-row.js';
import type { RunQueue, TaskRef, TaskRows } from '../core/task-rows.interface.js';
import type { ClaimedRun, QueueDemand } from '../run-store.interface.js';
import { startedTurnOf, decideOnTask, findTasks } from '../stored/decide-on-task.js';
import type { RunRef, TaskRecord } from '../task-record.js';
import type { StartedTurn } from '../turn-request.js';
import { type DueTask, chooseWaiting } from '../waiting-choice.js';
import { ProcessReplicas } from './process-replicas.js';
import { readTask } from './read-task.js';
import type { TaskTable } from './task-table.interface.js';

/** The rows of a table, on which `TaskRunStore` applies the rules of runs. */
export class TableTaskRows implements TaskRows {
  readonly exclusive = true;
  readonly replicas = new ProcessReplicas();
  readonly queue: RunQueue = {
    claim: (replicaId, wanted) => this.#claim(replicaId, wanted),
    count: async (limit, owner) => {
      const queued = this.#queued().filter((task) => owner === undefined || task.owner === owner);
      return Math.min(limit, queued.length);
    },
  };

  constructor(private readonly table: TaskTable) {}

  async change<T>({ taskId, scope }: TaskRef, _facts: readonly FactName[], decide: Decide<T>): Promise<T> {
    const task = this.table.find(taskId, scope);
    const { result, changed } = decideOnTask(task, decide, this.replicas.isAlive);
    return this.table.stored(result, changed ? task : undefined);
  }

  find(filter: TaskFilter): Promise<TaskRecord[]> {
    return this.table.stored(findTasks(this.table.tasks(), filter, this.replicas.isAlive));
  }

  startedTurn(run: RunRef): Promise<StartedTurn | undefined> {
    return readTask(this.table, run, run.taskId, (task) => startedTurnOf(task, run));
  }

  async #claim(replicaId: string, wanted: QueueDemand): Promise<ClaimedRun[]> {
    const now = steadyNow();
    const due = this.#queued().filter(({ notBefore }) => notBefore <= now);
    const chosen = chooseWaiting(due, wanted);
    const claims = await Promise.all(chosen.map(({ taskId }) => this.change({ taskId }, [], startQueued(replicaId))));
    return claims.filter((claim) => claim !== undefined);
  }

  #queued(): DueTask[] {
    return [...this.table.tasks()].flatMap(({ tenant, owner, agent, taskId, notBefore }) =>
      notBefore === undefined ? [] : [{ tenant, owner, agent, taskId, notBefore }],
    );
  }
}
