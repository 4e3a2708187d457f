import type { AdminTaskRow } from '../../admin/admin-rows.js';
import { isTaskId } from '../../row-ids.js';
import type { RedisConnection } from '../redis-connection.js';
import { ANY_HEAD, FILL_INDEX, NEWEST } from '../scripts/admin.scripts.js';
import { type RowReply, rowOf, toHead } from '../task-row.js';

/** How many tasks one script reads: it holds up everybody else. */
const AT_ONCE = 250;

/** How many tasks a page or the figures read at most. */
export const READ_TASKS = 10_000;

type Reply = [ids: string[], found: [row: RowReply, dead: number][]];

export interface ReadTask {
  readonly row: AdminTaskRow;
  /** Its dead letters. */
  readonly dead: number;
}

/** Some of the tasks, in order. */
export interface TaskStretch {
  readonly tasks: readonly ReadTask[];
  /** The last id that was read; undefined: these are the last. */
  readonly reached?: string;
}

/** Reads all tasks, newest first. */
export class NewestTasks {
  #whole?: Promise<void>;

  constructor(private readonly connection: RedisConnection) {}

  /** Up to READ_TASKS tasks after an id, or from it on. */
  async *from(id = '', inclusive = false): AsyncGenerator<TaskStretch> {
    await (this.#whole ??= this.#fill().catch((error: unknown) => {
      this.#whole = undefined;
      throw error;
    }));
    let [after, first] = [id, inclusive];
    for (let read = 0; read < READ_TASKS; read += AT_ONCE) {
      const [ids, found] = await this.connection.run<Reply>(NEWEST, after, first ? 1 : 0, AT_ONCE);
      const reached = ids.length < AT_ONCE ? undefined : ids.at(-1);
      yield { tasks: found.map(([row, dead]) => ({ row: toAdminTask(row), dead })), ...(reached && { reached }) };
      if (reached === undefined) return;
      [after, first] = [reached, false];
    }
  }

  /** A task alone, or all from an id on. */
  async *of(taskId: string | undefined, from: string | undefined): AsyncGenerator<TaskStretch> {
    if (taskId === undefined) return yield* this.from(from, from !== undefined);
    if (!isTaskId(taskId)) return;
    const row = await this.connection.run<RowReply | null>(ANY_HEAD, taskId);
    // It may have dead letters.
    if (row) yield { tasks: [{ row: toAdminTask(row), dead: 1 }] };
  }

  async #fill(): Promise<void> {
    let cursor = '0';
    do cursor = await this.connection.run<string>(FILL_INDEX, cursor);
    while (cursor !== '0');
  }
}

/** Times of rows are in µs. */
const timeOf = (micros: string): string => new Date(Math.floor(Number(micros) / 1000)).toISOString();

export function toAdminTask(reply: RowReply): AdminTaskRow {
  const { taskId, ...head } = toHead(reply);
  const { made, crashes, failures, waits, configs, handlers, reason } = rowOf(reply);
  return {
    id: taskId,
    ...head,
    createdAt: timeOf(made),
    crashes: Number(crashes),
    failures: Number(failures),
    ...(waits !== '' && { notBefore: timeOf(waits) }),
    webhooks: Number(configs) - Number(handlers),
    ...(reason !== '' && { reason }),
  };
}
