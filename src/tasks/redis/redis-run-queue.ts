import type { QueueDemand, ClaimedRun } from '../run-store.interface.js';
import { startQueued } from '../core/run-rules.js';
import { SPARE, startInTurn } from '../core/start-in-turn.js';
import type { RunQueue, TaskRows } from '../core/task-rows.interface.js';
import type { DueTask } from '../waiting-choice.js';
import type { RedisConnection } from './redis-connection.js';
import { COUNT_QUEUED, DUE_TASKS } from './scripts/run-queue.scripts.js';
import { ALL_QUEUED, ownerQueue } from './scripts/rows.lua.js';

/** The most tasks of one claim. */
const MAX_TAKEN = 1_000;

type DueReply = [id: string, micros: string, agent: string, owner: string, tenant: string];

/** The queued tasks. A claim reads the first tasks of each scope, and starts the chosen ones one by one. */
export class RedisRunQueue implements RunQueue {
  constructor(
    private readonly connection: RedisConnection,
    private readonly rows: Pick<TaskRows, 'change'>,
  ) {}

  async claim(replicaId: string, wanted: QueueDemand): Promise<ClaimedRun[]> {
    const limit = Math.min(wanted.limit, MAX_TAKEN);
    const start = startQueued(replicaId);
    return startInTurn(await this.#due(limit, wanted), { ...wanted, limit }, async (tasks) => {
      const started = await Promise.all(tasks.map(({ taskId }) => this.rows.change({ taskId }, [], start)));
      return started.filter((claim) => claim !== undefined);
    });
  }

  async count(limit: number, owner?: string): Promise<number> {
    const line = owner === undefined ? ALL_QUEUED : ownerQueue(owner);
    return Math.min(limit, await this.connection.run<number>(COUNT_QUEUED, line));
  }

  async #due(limit: number, { agents }: QueueDemand): Promise<DueTask[]> {
    const counts = [...agents].flatMap(([agent, room]) => [agent, SPARE * Math.min(room, limit)]);
    const due = await this.connection.run<DueReply[]>(DUE_TASKS, ...counts);
    return due.map(([taskId, micros, agent, owner, tenant]) => ({
      ...{ taskId, agent, owner, tenant },
      notBefore: Number(micros) / 1000,
    }));
  }
}
