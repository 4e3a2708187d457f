import type { TaskScope } from '../../security/call-context.js';
import type { SnapshotWriter } from '../snapshot-writer.js';
import type { TaskRecord } from '../task-record.js';
import { toStored } from '../task-states.js';
import type { SettledTasks } from '../task-store.interface.js';
import type { RedisConnection } from './redis-connection.js';
import {
  ABANDONED,
  DELETE,
  DELETE_ENDED,
  FORGET_MESSAGES,
  KEEP_LOG,
  TRIM,
  UNTRIMMED,
} from './scripts/removal.scripts.js';
import { type RowReply, scopeKey, toHead } from './task-row.js';

/** The most tasks that one script deletes: it blocks the server meanwhile. */
const DELETED_AT_ONCE = 100;

/** Deletes tasks, or trims their logs. */
export class TaskRemover {
  constructor(
    private readonly connection: RedisConnection,
    private readonly snapshots: SnapshotWriter,
  ) {}

  async delete(scope: TaskScope, taskId: string): Promise<boolean> {
    return (await this.connection.run<number>(DELETE, taskId, scopeKey(scope))) === 1;
  }

  async deleteEnded(which: SettledTasks, limit: number): Promise<number> {
    let deleted = 0;
    for (;;) {
      const asked = Math.min(limit - deleted, DELETED_AT_ONCE);
      const done = asked > 0 ? await this.connection.run<number>(DELETE_ENDED, ...those(which), asked) : 0;
      deleted += done;
      if (done < asked || deleted >= limit) return deleted;
    }
  }

  async trimEnded(which: SettledTasks, limit: number): Promise<number> {
    const ids = await this.connection.run<string[]>(UNTRIMMED, ...those(which), limit);
    for (const taskId of ids) {
      if (!(await this.#trim(taskId, ''))) await this.connection.run(KEEP_LOG, taskId);
    }
    return ids.length;
  }

  async abandoned(which: SettledTasks, limit: number): Promise<TaskRecord[]> {
    return (await this.connection.run<RowReply[]>(ABANDONED, ...those(which), limit)).map(toHead);
  }

  forgetMessages(olderThanMs: number, limit: number): Promise<number> {
    return this.connection.run<number>(FORGET_MESSAGES, olderThanMs, limit);
  }

  async trim(taskId: string, upToSeq: number): Promise<void> {
    await this.#trim(taskId, upToSeq);
  }

  /** False: the task is too large for a snapshot. */
  async #trim(taskId: string, upToSeq: number | ''): Promise<boolean> {
    const answer = await this.connection.run<string>(TRIM, taskId, upToSeq);
    if (answer !== 'uncovered') return true;
    if (!(await this.snapshots.cover(taskId))) return false;
    await this.connection.run(TRIM, taskId, upToSeq);
    return true;
  }
}

const those = ({ agent, state, forMs }: SettledTasks): (string | number)[] => [agent, toStored(state), forMs];
