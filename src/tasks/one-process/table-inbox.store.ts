import { randomUUID } from 'node:crypto';
import type { CallContext } from '../../security/call-context.js';
import { putRefusal } from '../core/message-rules.js';
import { isOpen } from '../core/task-row.js';
import type { InboxEntry, InboxMessage, InboxStore, PutOptions, PutResult } from '../inbox-store.interface.js';
import { takeMessage } from '../stored/append-to-task.js';
import { putWebhook, webhookRows } from '../stored/decide-on-webhooks.js';
import type { RunRef } from '../task-record.js';
import { readTask } from './read-task.js';
import type { TaskTable } from './task-table.interface.js';

/** Messages that wait for their turn. */
export class TableInboxStore implements InboxStore {
  constructor(private readonly table: TaskTable) {}

  async put(
    context: CallContext,
    taskId: string,
    entry: InboxMessage,
    digest: string,
    limit: number,
    { key: messageId = entry.message.messageId, pushConfig }: PutOptions = {},
  ): Promise<PutResult> {
    const task = this.table.find(taskId, context);
    const known = this.table.messageOf(context, messageId);
    const facts = { row: task, known, waiting: task?.inbox.length ?? 0, webhooks: task && webhookRows(task) };
    const refusal = putRefusal(facts, { digest, limit, pushConfig });
    if (!task || refusal) return this.table.stored(refusal ?? { result: 'missing' });
    if (pushConfig) putWebhook(task, pushConfig.config);
    const [id, text] = [randomUUID(), JSON.stringify(entry)];
    task.inbox.push({ id, messageId, text, bytes: Buffer.byteLength(text) });
    this.table.addMessage(task, messageId, digest);
    return this.table.stored({ result: 'queued', id }, task);
  }

  peek(run: RunRef): Promise<InboxEntry | undefined> {
    return readTask(this.table, run, run.taskId, ({ fence, inbox: [first] }) =>
      first && fence === run.fence ? { id: first.id, ...(JSON.parse(first.text) as InboxMessage) } : undefined,
    );
  }

  async waiting(context: CallContext, taskId: string, id: string): Promise<boolean> {
    return (
      (await readTask(this.table, context, taskId, ({ inbox }) => inbox.some((entry) => entry.id === id))) ?? false
    );
  }

  async withdraw(context: CallContext, taskId: string, id: string): Promise<boolean> {
    const task = this.table.find(taskId, context);
    const entry = task && takeMessage(task, id);
    if (entry) this.table.forgetMessage(task, entry.messageId);
    return this.table.stored(entry !== undefined, task);
  }

  async sweep(limit: number): Promise<number> {
    const ended = [...this.table.tasks()].filter((task) => !isOpen(task) && task.inbox.length > 0);
    let left = limit;
    for (const { inbox } of ended) left -= inbox.splice(0, left).length;
    return this.table.stored(limit - left, ...ended);
  }
}
