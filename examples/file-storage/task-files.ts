import { mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Subject } from 'rxjs';
import { A2AError, type TaskScope } from '../../src/index.js';
import type { KnownMessage, StoredTask, TaskTable } from '../../src/storage.js';

interface SentMessage {
  readonly id: string;
  readonly digest: string;
  readonly sentAt: number;
}

/** What a file holds: a task, and which messages were sent to it. The messages outlive a task that is only `deleted`. */
export interface TaskFile extends StoredTask {
  sent: SentMessage[];
  readonly deleted?: true;
}

const keyOf = ({ owner, tenant, agent }: TaskScope, id: string): string => JSON.stringify([owner, tenant, agent, id]);

/**
 * The tasks of a directory, one file each, which this process alone uses. All of them are in memory as well: a change is made
 * there at once, and answered when its file is written. If a file cannot be written, nothing is answered any more.
 */
export class TaskFiles implements TaskTable {
  /** Emits when something is owed to a webhook. */
  readonly owed = new Subject<void>();

  readonly #files = new Map<string, TaskFile>();
  /** The task of each message. */
  readonly #sent = new Map<string, string>();
  readonly #changed = new Set<string>();
  #written: Promise<void> = Promise.resolve();

  private constructor(private readonly directory: string) {}

  static async open(directory: string): Promise<TaskFiles> {
    const files = new TaskFiles(directory);
    await mkdir(directory, { recursive: true });
    for (const name of await readdir(directory)) {
      if (name.endsWith('.json')) files.put(JSON.parse(await readFile(join(directory, name), 'utf8')) as TaskFile);
    }
    return files;
  }

  /** The files of deleted tasks too. */
  get all(): TaskFile[] {
    return [...this.#files.values()];
  }

  tasks(scope?: TaskScope): TaskFile[] {
    return this.all.filter(({ taskId }) => this.find(taskId, scope));
  }

  /** Without a scope: of any owner. */
  find(taskId: string, scope?: TaskScope): TaskFile | undefined {
    const task = this.#files.get(taskId);
    return task && !task.deleted && (!scope || keyOf(task, '') === keyOf(scope, '')) ? task : undefined;
  }

  messageOf(scope: TaskScope, id: string): KnownMessage | undefined {
    const taskId = this.#sent.get(keyOf(scope, id));
    const message = this.#files.get(taskId ?? '')?.sent.find((one) => one.id === id);
    return taskId && message ? { taskId, digest: message.digest } : undefined;
  }

  put<T extends TaskFile>(task: T): T {
    this.#files.set(task.taskId, task);
    for (const { id } of task.sent) this.#sent.set(keyOf(task, id), task.taskId);
    return task;
  }

  addMessage(task: TaskFile, id: string, digest: string): void {
    this.put(Object.assign(task, { sent: [...task.sent, { id, digest, sentAt: Date.now() }] }));
  }

  forgetMessage(task: TaskFile, id: string): void {
    task.sent = task.sent.filter((message) => message.id !== id);
    this.#sent.delete(keyOf(task, id));
    if (task.deleted && task.sent.length === 0) this.#files.delete(task.taskId);
  }

  /** Deletes a task, but not what is known of its messages. Who reads it may read on. */
  expire(task: TaskFile): void {
    this.put({ ...task, log: [], snapshot: undefined, inbox: [], webhooks: [], deleted: true });
  }

  delete(task: TaskFile): void {
    for (const { id } of task.sent) this.#sent.delete(keyOf(task, id));
    this.#files.delete(task.taskId);
  }

  /** Gives the answer as soon as all that it rests on is on disk: these changes, and those that it may have seen. */
  async stored<T>(answer: T, ...changed: readonly (StoredTask | undefined)[]): Promise<T> {
    for (const task of changed) if (task) this.#changed.add(task.taskId);
    if (this.#changed.size > 0) this.#written = this.#written.then(() => this.#write());
    await this.#written;
    return answer;
  }

  async #write(): Promise<void> {
    const changed = [...this.#changed];
    this.#changed.clear();
    try {
      await Promise.all(
        changed.map((taskId) => this.#replace(join(this.directory, `${taskId}.json`), this.#files.get(taskId))),
      );
      // Which names there are is on disk only when the directory is.
      const directory = await open(this.directory);
      await directory.sync().finally(() => directory.close());
    } catch (cause) {
      throw new A2AError('UNAVAILABLE', 'Tasks cannot be written.', { cause });
    }
  }

  async #replace(path: string, task: TaskFile | undefined): Promise<void> {
    if (!task) return rm(path, { force: true });
    await writeFile(`${path}.new`, JSON.stringify(task), { flush: true });
    await rename(`${path}.new`, path);
  }
}
