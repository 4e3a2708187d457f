import type * as a2a from '../../src/index.js';
import * as kit from '../../src/storage.js';
import type { TaskFiles } from './task-files.js';

type Context = a2a.CallContext;

/** Tasks and their logs. */
export class FileTaskStore implements a2a.TaskStore {
  constructor(private readonly files: TaskFiles) {}

  async create(context: Context, task: a2a.NewTask): Promise<a2a.CreateResult> {
    const { taskId, messageId, digest, pushConfigs = [], event } = task;
    const known = this.files.messageOf(context, messageId);
    if (known) {
      return this.files.stored({ created: false, taskId: known.taskId, sameContent: known.digest === digest });
    }
    if (this.files.find(taskId)) throw new Error(`The task id ${taskId} is taken.`);
    const made = this.files.put({ ...kit.newStoredTask(context, task), sent: [] });
    this.files.addMessage(made, messageId, digest);
    for (const config of pushConfigs) kit.putWebhook(made, config);
    this.#owe(made, 1, [event]);
    const committed = kit.CommittedEvent.of(made, 1, event);
    return this.files.stored({ created: true, run: kit.runOf(made), event: committed }, made);
  }

  async append(append: a2a.RunAppend): Promise<a2a.AppendResult> {
    const task = this.files.find(append.run.taskId, append.run);
    const refused = kit.refusedAppend(task, append);
    if (!task || refused) return this.files.stored(refused ?? { ok: false, reason: 'missing' });
    const events = kit.appendToTask(task, append);
    this.#owe(task, append.firstSeq, append.events);
    return this.files.stored({ ok: true, events }, task);
  }

  byMessageId(context: Context, messageId: string): Promise<kit.KnownMessage | undefined> {
    return this.files.stored(this.files.messageOf(context, messageId));
  }

  head(context: Context, taskId: string): Promise<a2a.TaskRecord | undefined> {
    return kit.readTask(this.files, context, taskId, kit.headOf);
  }

  get(context: Context, taskId: string): Promise<a2a.TaskSnapshot | undefined> {
    const snapshot = (task: kit.StoredTask) => ({
      head: kit.headOf(task),
      seq: kit.lastSeqOf(task),
      task: kit.foldTask(task),
    });
    return kit.readTask(this.files, context, taskId, snapshot);
  }

  open(context: Context, taskId: string): Promise<a2a.OpenTask | undefined> {
    return kit.readTask(this.files, context, taskId, (task) => {
      const head = kit.headOf(task);
      return { head, read: () => kit.foldBitByBit(task, head.lastSeq) };
    });
  }

  async list(context: Context, query: a2a.ListTasksRequest, limits?: a2a.ListLimits): Promise<a2a.ListTasksResponse> {
    const tasks = { all: this.files.tasks(context), find: (taskId: string) => this.files.find(taskId, context) };
    return this.files.stored(await kit.listTasks(tasks, query, context, limits));
  }

  eventsAfter(
    context: Context,
    taskId: string,
    afterSeq: number,
    limits?: a2a.EventPageLimits,
  ): Promise<a2a.EventPage | undefined> {
    return kit.readTask(this.files, context, taskId, (task) => kit.eventPage(task, afterSeq, limits));
  }

  lastSeqs(tasks: readonly (a2a.TaskScope & { taskId: string })[]): Promise<Map<string, number>> {
    const found = tasks.map((task) => this.files.find(task.taskId, task)).filter((task) => task !== undefined);
    return this.files.stored(new Map(found.map((task) => [task.taskId, kit.lastSeqOf(task)])));
  }

  async delete(context: Context, taskId: string): Promise<boolean> {
    const task = this.files.find(taskId, context);
    if (task) this.files.delete(task);
    return this.files.stored(task !== undefined, task);
  }

  async deleteEnded(which: a2a.SettledTasks, limit: number): Promise<number> {
    const tasks = this.#settled('deletable', which, limit);
    for (const task of tasks) this.files.expire(task);
    return this.files.stored(tasks.length, ...tasks);
  }

  async trimEnded(which: a2a.SettledTasks, limit: number): Promise<number> {
    const tasks = this.#settled('trimmable', which, limit);
    for (const task of tasks) kit.trimLog(task, kit.lastSeqOf(task));
    return this.files.stored(tasks.length, ...tasks);
  }

  async expiredInputRequired(which: a2a.SettledTasks, limit: number): Promise<a2a.TaskRecord[]> {
    return this.files.stored(this.#settled('abandoned', which, limit).map(kit.headOf));
  }

  async forgetMessages(olderThanMs: number, limit: number): Promise<number> {
    const old = this.files.all
      .filter((task) => !kit.isOpen(task))
      .flatMap((task) => task.sent.map(({ id, sentAt }) => ({ task, id, sentAt })))
      .filter(({ sentAt }) => sentAt < Date.now() - olderThanMs)
      .slice(0, limit);
    for (const { task, id } of old) this.files.forgetMessage(task, id);
    return this.files.stored(old.length, ...old.map(({ task }) => task));
  }

  async trim(taskId: string, upToSeq: number): Promise<void> {
    const task = this.files.find(taskId);
    if (task && !kit.isOpen(task)) kit.trimLog(task, upToSeq);
    return this.files.stored(undefined, task);
  }

  usage(of: a2a.UsageOf, maxTasks?: number): Promise<kit.StoredUsage> {
    return this.files.stored(kit.usageOf(this.files.tasks(), of, maxTasks));
  }

  /** Those that settled first, first. */
  #settled(filter: keyof typeof kit.RETENTION_FILTERS, which: a2a.SettledTasks, limit: number) {
    const tasks = this.files.tasks().sort((a, b) => a.stateAt - b.stateAt);
    return kit.settledTasks(tasks, filter, which, limit);
  }

  #owe(task: kit.StoredTask, firstSeq: number, events: readonly a2a.PendingEvent[]): void {
    if (kit.oweEvents(task, firstSeq, events)) this.files.owed.next();
  }
}
