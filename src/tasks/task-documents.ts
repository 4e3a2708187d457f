import { LIMITS_DEFAULTS } from '../common/limits.options.js';
import { TransientMap } from '../common/transient-map.js';
import type { Task } from '../protocol/model/index.js';
import type { CallContext } from '../security/call-context.js';
import { ContentGate } from './content-gate.js';
import { withNewest } from './newest-that-fit.js';
import { type OpenTask, readOpened } from './open-task.js';
import { projectTask, type TaskProjection } from './project-task.js';
import { TaskDocument } from './task-document.js';
import type { TaskStore } from './task-store.interface.js';

/** Smaller tasks are read separately for each reader, without waiting for others. */
const SHARED_FROM = 64 * 1024;

export interface DocumentAt {
  readonly seq: number;
  readonly document: TaskDocument;
}

/**
 * Tasks as readers see them. Readers of the same large task at the same seq share one read, one fold and one buffer: while it is
 * being built, and as long as somebody holds it. Each reader's access is checked first, so that nobody receives a task that only
 * another reader may see. The bytes that are being built at a time are bounded.
 */
export class TaskDocuments {
  readonly #underWay = new TransientMap<string, Promise<TaskDocument | undefined>>();
  readonly #made = new Map<string, WeakRef<TaskDocument>>();
  readonly #forgotten = new FinalizationRegistry<string>((key) => {
    if (!this.#made.get(key)?.deref()) this.#made.delete(key);
  });

  constructor(
    private readonly store: Pick<TaskStore, 'open'>,
    readonly gate = new ContentGate(),
    private readonly maxHistoryBytes = LIMITS_DEFAULTS.maxHistoryBytes,
  ) {}

  /**
   * The task as of now. undefined: no such task in this scope. Throws OVERLOADED when too much is already being read. The history
   * holds the newest messages up to the limit.
   */
  get(context: CallContext, taskId: string, projection: TaskProjection = {}): Promise<DocumentAt | undefined> {
    return readOpened(
      taskId,
      () => this.store.open(context, taskId),
      async (opened) => {
        const document = await this.#document(opened, projection);
        return document && { seq: opened.head.lastSeq, document };
      },
    );
  }

  async #document(opened: OpenTask, projection: TaskProjection): Promise<TaskDocument | undefined> {
    const { taskId, lastSeq, bytes } = opened.head;
    if (bytes < SHARED_FROM) {
      const task = await opened.read();
      return task && TaskDocument.of(projectTask(task, projection));
    }
    const { historyLength = '', includeArtifacts = '' } = projection;
    const key = `${taskId} ${lastSeq} ${historyLength} ${includeArtifacts}`;
    const made = this.#made.get(key)?.deref();
    if (made) return made;
    const underWay = this.#underWay.get(key);
    if (underWay) return underWay;
    const making = this.#make(opened, projection).finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, making);
    const document = await making;
    if (document) {
      this.#made.set(key, new WeakRef(document));
      this.#forgotten.register(document, key);
    }
    return document;
  }

  async #make({ head, read }: OpenTask, projection: TaskProjection): Promise<TaskDocument | undefined> {
    const release = await this.gate.admit(head.owner, head.bytes);
    try {
      const task = await read();
      return task && (await TaskDocument.serialized(this.#shown(task, head.bytes, projection)));
    } finally {
      release();
    }
  }

  #shown(task: Task, bytes: number, projection: TaskProjection): Task {
    const { history, ...shown } = projectTask(task, projection);
    if (!history) return shown;
    if (bytes <= this.maxHistoryBytes) return { ...shown, history };
    return { ...shown, ...withNewest(history, this.maxHistoryBytes) };
  }
}
