import { resourceExhausted } from '../../protocol/errors/index.js';
import type { PendingEvent } from '../pending-event.js';
import { appendToTask, refusedAppend } from '../stored/append-to-task.js';
import type { AppendResult, RunAppend } from '../task-store.interface.js';
import { ROW_COST } from './memory-stores.options.js';
import type { MemoryTables } from './memory-tables.js';
import { owe } from './push-queues.js';

/** The only way to append to a log: all of the append, or nothing. */
export function appendEvents(tables: MemoryTables, append: RunAppend): AppendResult {
  const { run, firstSeq, events, consumes } = append;
  const row = tables.row(run, run.taskId);
  const refused = refusedAppend(row, append);
  if (!row || refused) return refused ?? { ok: false, reason: 'missing' };
  const bytes = costOf(events);
  const cause = shortage(tables, row.owner, events, bytes);
  if (cause) return { ok: false, reason: 'invalid', cause };
  const consumed = consumes === undefined ? undefined : row.inbox.find(({ id }) => id === consumes);
  const committed = appendToTask(row, append);
  tables.charge(row, bytes - (consumed?.bytes ?? 0));
  if (consumed) tables.readdress(row);
  if (events.some(({ state }) => state !== undefined)) tables.reindex(row);
  if (row.webhooks.length > 0) {
    for (const [index, event] of events.entries()) owe(tables, row, firstSeq + index, event);
  }
  return { ok: true, events: committed };
}

function costOf(events: readonly PendingEvent[]): number {
  let bytes = 0;
  for (const event of events) bytes += event.bytes + ROW_COST.event;
  return bytes;
}

/** Content is refused when there is no capacity. A status is always accepted, so that every task can end. */
function shortage(
  tables: MemoryTables,
  owner: string,
  events: readonly PendingEvent[],
  bytes: number,
): Error | undefined {
  if (tables.evictFor(owner, bytes) || events.every(({ kind }) => kind !== 'artifact')) return undefined;
  return resourceExhausted('The memory for tasks is full: this server cannot keep more output now.');
}
