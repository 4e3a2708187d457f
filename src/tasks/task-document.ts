import type { Task, TaskState } from '../protocol/model/index.js';
import { taskJson } from './task-json.js';

/** A larger document is kept as JSON outside the heap, and parsed again on demand. */
const KEPT_AS_OBJECT = 256 * 1024;
const [BEFORE, AFTER] = ['{"task":'.length, '}'.length];

/** A Buffer keeps its document alive: as long as a socket holds one of them, later readers find the document. */
const documents = new WeakMap<Buffer, TaskDocument>();

/** A task at one moment, for any number of readers. It is serialised once for each form. */
export class TaskDocument {
  readonly #bodies = new Map<unknown, Buffer>();
  readonly state: TaskState;
  #task?: Task;
  #json?: Buffer;

  private constructor(task: Task, json?: Buffer) {
    this.state = task.status.state;
    if (json) this.#json = this.#keep(json);
    if (!json || json.length <= KEPT_AS_OBJECT) this.#task = task;
  }

  static of(task: Task): TaskDocument {
    return new TaskDocument(task);
  }

  /** Serialises the task now; a large one in steps. */
  static async serialized(task: Task): Promise<TaskDocument> {
    return new TaskDocument(task, await taskJson(task));
  }

  /** Do not change it: readers share it. A large task is parsed anew on each access. */
  get task(): Task {
    return this.#task ?? (JSON.parse(this.json.toString()) as { task: Task }).task;
  }

  /** `{"task":…}` of v1.0. */
  get json(): Buffer {
    return (this.#json ??= this.#keep(Buffer.from(JSON.stringify({ task: this.#task }))));
  }

  /** The task alone, in v1.0: a view into `json`. */
  get bare(): Buffer {
    return this.#made('bare', () => this.json.subarray(BEFORE, this.json.length - AFTER));
  }

  /** The task in a form that `form` identifies; encoded once. */
  body(form: unknown, encode: (task: Task) => Buffer): Buffer {
    return this.#made(form, () => encode(this.task));
  }

  #made(form: unknown, make: () => Buffer): Buffer {
    let body = this.#bodies.get(form);
    if (!body) this.#bodies.set(form, (body = this.#keep(make())));
    return body;
  }

  #keep(body: Buffer): Buffer {
    documents.set(body, this);
    return body;
  }
}
