import { resourceExhausted } from '../../protocol/errors/index.js';
import { isTerminal } from '../../protocol/state/task-state.js';
import { appendFault, appendRefusal } from '../core/append-rules.js';
import { CommittedEvent } from '../committed-event.js';
import type { PendingEvent } from '../pending-event.js';
import { statusTime } from '../status-time.js';
import type { AppendResult, RunAppend } from '../task-store.interface.js';
import { isPushed } from '../is-pushed.js';
import { memoryNow } from './memory-clock.js';
import { ROW_COST } from './memory-stores.options.js';
import type { MemoryTables } from './memory-tables.js';
import { owe } from './push-queues.js';
import { lastSeqOf, type MemoryRow, rowOf } from './memory-row.js';

/** The only way to append to a log: all of the append, or nothing. */
export function appendEvents(tables: MemoryTables, { run, firstSeq, events, consumes }: RunAppend): AppendResult {
  const row = tables.row(run, run.taskId);
  const reason = appendRefusal(row && rowOf(row), { run, firstSeq });
  if (!row || reason) return { ok: false, reason: reason ?? 'missing' };
  const cause = appendFault(events) ?? shortage(tables, row.owner, events);
  if (cause) return { ok: false, reason: 'invalid', cause };
  if (consumes !== undefined) consume(tables, row, consumes);
  return { ok: true, events: events.map((event) => appendOne(tables, row, event)) };
}

function appendOne(tables: MemoryTables, row: MemoryRow, event: PendingEvent): CommittedEvent {
  row.log.push(event);
  row.bytes += event.bytes;
  tables.charge(row, event.bytes + ROW_COST.event);
  if (event.state !== undefined) setStatus(tables, row, event);
  const seq = lastSeqOf(row);
  if (row.queues.length > 0 && isPushed(event)) owe(tables, row, seq, event);
  return CommittedEvent.of(row, seq, event);
}

function setStatus(tables: MemoryTables, row: MemoryRow, { state = row.state, statusAt }: PendingEvent): void {
  row.state = state;
  row.statusAt = statusTime(statusAt) ?? row.statusAt;
  row.stateAt = memoryNow();
  if (isTerminal(state)) row.runOwner = undefined;
  tables.reindex(row);
}

function consume(tables: MemoryTables, row: MemoryRow, id: string): void {
  const index = row.inbox.findIndex((entry) => entry.id === id);
  const [entry] = index < 0 ? [] : row.inbox.splice(index, 1);
  if (entry) tables.charge(row, -entry.bytes);
  tables.readdress(row);
}

/** Content is refused when there is no capacity. A status is always accepted, so that every task can end. */
function shortage(tables: MemoryTables, owner: string, events: readonly PendingEvent[]): Error | undefined {
  const bytes = events.reduce((sum, event) => sum + event.bytes + ROW_COST.event, 0);
  if (tables.makeRoom(owner, bytes) || !events.some(({ kind }) => kind === 'artifact')) return undefined;
  return resourceExhausted('The memory for tasks is full: this server cannot keep more output now.');
}
