import type { Artifact, Task } from '../../protocol/model/index.js';
import { unavailable } from '../../protocol/errors/index.js';
import type { TaskScope } from '../../security/call-context.js';
import { foldLog } from '../fold-log.js';
import type { OpenTask } from '../open-task.js';
import type { TaskRecord, TaskSnapshot } from '../task-record.js';
import { committedEntry } from './log-entry.js';
import type { RedisConnection } from './redis-connection.js';
import { CONTENT, HEAD, STRETCH } from './scripts/read.scripts.js';
import { type RowReply, scopeKey, toHead } from './task-row.js';

/** The most bytes of entries in one answer, not counting the last entry. */
const STRETCH_BYTES = 4 * 1024 * 1024;
const READ_RETRIES = 5;
const ANYBODY = '*';

type ContentReply = [row: RowReply, task: string, artifacts: string, upTo: string, reached: string, entries: string[]];

export interface ContentWanted {
  /** false: what concerns only artifacts is not read; the task then has no artifacts, or not all of them. */
  readonly artifacts?: boolean;
  /** The task as of this seq, unless its snapshot is already newer. Default: as of now. */
  readonly upTo?: number;
}

/** Reads a task as the fold of a snapshot and the events after it. */
export class TaskReader {
  constructor(private readonly connection: RedisConnection) {}

  async head(scope: TaskScope, taskId: string): Promise<TaskRecord | undefined> {
    const row = await this.connection.run<RowReply | null>(HEAD, taskId, scopeKey(scope));
    return row ? toHead(row) : undefined;
  }

  async open(scope: TaskScope, taskId: string): Promise<OpenTask | undefined> {
    const head = await this.head(scope, taskId);
    if (!head) return undefined;
    const { lastSeq } = head;
    const read = async (): Promise<Task | undefined> => {
      const found = await this.get(scope, taskId, { upTo: lastSeq });
      // A snapshot may be newer.
      return found?.seq === lastSeq ? found.task : undefined;
    };
    return { head, read };
  }

  get(scope: TaskScope, taskId: string, wanted?: ContentWanted): Promise<TaskSnapshot | undefined> {
    return this.#read(taskId, scopeKey(scope), wanted);
  }

  /** Of any owner; not for clients. */
  getUnscoped(taskId: string): Promise<TaskSnapshot | undefined> {
    return this.#read(taskId, ANYBODY);
  }

  async #read(
    taskId: string,
    scope: string,
    { artifacts = true, upTo }: ContentWanted = {},
  ): Promise<TaskSnapshot | undefined> {
    const bare = artifacts ? 0 : 1;
    for (let retries = 0; retries < READ_RETRIES; retries++) {
      const values = [taskId, scope, STRETCH_BYTES, bare, upTo ?? ''];
      const reply = await this.connection.run<ContentReply | null>(CONTENT, ...values);
      if (!reply) return undefined;
      const head = toHead(reply[0]);
      const task = await this.#fold(head, reply, bare);
      if (task) return { head, seq: Number(reply[3]), task };
    }
    throw unavailable(`The log of task ${taskId} changes too fast to be read. Try again.`);
  }

  /** As of the seq in the reply, whatever is appended meanwhile. undefined: the task was trimmed or deleted since. */
  async #fold(head: TaskRecord, first: ContentReply, bare: 0 | 1): Promise<Task | undefined> {
    const [, text, artifacts, upTo] = first;
    let [reached, entries] = [Number(first[4]), first[5]];
    let task = text === '' ? undefined : parseSnapshot(text, artifacts);
    for (;;) {
      const events = entries.map((entry) => committedEntry(head, entry));
      if (events.length > 0) task = foldLog(events, task);
      if (reached >= Number(upTo)) return task;
      const values = [head.taskId, reached, upTo, STRETCH_BYTES, bare];
      const next = await this.connection.run<[string, string[]] | null>(STRETCH, ...values);
      if (!next || Number(next[0]) === reached) return undefined;
      [reached, entries] = [Number(next[0]), next[1]];
    }
  }
}

function parseSnapshot(text: string, artifacts: string): Task {
  const task = JSON.parse(text) as Task;
  return artifacts === '' ? task : { ...task, artifacts: JSON.parse(artifacts) as Artifact[] };
}
