import { Injectable } from '@nestjs/common';
import { isTerminal } from '../../protocol/state/task-state.js';
import type { CallContext } from '../../security/call-context.js';
import { putRefusal } from '../core/message-rules.js';
import type { InboxEntry, InboxMessage, InboxStore, PutOptions, PutResult } from '../inbox-store.interface.js';
import { takeMessage } from '../stored/append-to-task.js';
import { webhookRows } from '../stored/decide-on-webhooks.js';
import type { RunRef } from '../task-record.js';
import { ROW_COST } from './memory-stores.options.js';
import { MemoryTables } from './memory-tables.js';
import { configCost, putPushQueue } from './push-queues.js';

/** Messages that wait for their turn, in this process's memory. */
@Injectable()
export class MemoryInboxStore implements InboxStore {
  constructor(private readonly tables: MemoryTables) {}

  async put(
    context: CallContext,
    taskId: string,
    entry: InboxMessage,
    digest: string,
    limit: number,
    { key: messageId = entry.message.messageId, pushConfig }: PutOptions = {},
  ): Promise<PutResult> {
    const row = this.tables.row(context, taskId);
    const facts = {
      row,
      known: this.tables.message(context, messageId),
      waiting: row?.inbox.length ?? 0,
      ...(row && pushConfig && { webhooks: webhookRows(row) }),
    };
    const refusal = putRefusal(facts, { digest, limit, pushConfig });
    if (!row || refusal) return refusal ?? { result: 'missing' };
    const text = JSON.stringify(entry);
    const bytes = Buffer.byteLength(text);
    const config = pushConfig ? configCost(pushConfig.config) : 0;
    if (!this.tables.evictFor(row.owner, bytes + ROW_COST.message + config)) throw this.tables.exhausted();
    if (pushConfig) putPushQueue(this.tables, row, pushConfig.config);
    const id = this.tables.nextId();
    row.inbox.push({ id, messageId, text, bytes });
    this.tables.readdress(row);
    this.tables.addMessage(row, messageId, digest);
    this.tables.charge(row, bytes + ROW_COST.message);
    return { result: 'queued', id };
  }

  async peek(run: RunRef): Promise<InboxEntry | undefined> {
    const row = this.tables.row(run, run.taskId);
    const first = row?.fence === run.fence ? row.inbox[0] : undefined;
    return first && { id: first.id, ...(JSON.parse(first.text) as InboxMessage) };
  }

  async waiting(context: CallContext, taskId: string, id: string): Promise<boolean> {
    return this.tables.row(context, taskId)?.inbox.some((entry) => entry.id === id) ?? false;
  }

  async withdraw(context: CallContext, taskId: string, id: string): Promise<boolean> {
    const row = this.tables.row(context, taskId);
    const entry = row && takeMessage(row, id);
    if (!row || !entry) return false;
    this.tables.readdress(row);
    // It was never answered, so the sender may send it again.
    this.tables.dropMessage(row, entry.messageId);
    this.tables.charge(row, -entry.bytes - ROW_COST.message);
    return true;
  }

  async sweep(limit: number): Promise<number> {
    let swept = 0;
    for (const row of this.tables.addressed) {
      if (!isTerminal(row.state)) continue;
      for (const { bytes } of row.inbox.splice(0, limit - swept)) {
        this.tables.charge(row, -bytes);
        swept++;
      }
      this.tables.readdress(row);
      if (swept === limit) break;
    }
    return swept;
  }
}
