import { isTerminal } from '../../protocol/state/task-state.js';
import type { PendingEvent } from '../pending-event.js';
import { statusTime } from '../status-time.js';
import type { TaskRecord } from '../task-record.js';
import type { AppendResult, RunAppend } from '../task-store.interface.js';
import { isOpen } from './task-row.js';

/** What is wrong with the events of an append in themselves, if anything is. */
export function appendFault(events: readonly PendingEvent[]): Error | undefined {
  for (const [index, { kind, state, statusAt }] of events.entries()) {
    if (kind === 'task') return new Error('The task event is the first of a log; it cannot be appended.');
    const last = index === events.length - 1;
    if (state !== undefined && isTerminal(state) && !last)
      return new Error('A terminal event must be the last of its append.');
    if (state !== undefined && statusTime(statusAt) === undefined)
      return new Error('The status time is not a timestamp.');
  }
  return undefined;
}

/** Why a run may not append to a task; undefined: it may. Storages write under the same condition. */
export function appendRefusal(
  row: Pick<TaskRecord, 'state' | 'fence' | 'lastSeq'> | undefined,
  { run, firstSeq }: Pick<RunAppend, 'run' | 'firstSeq'>,
): Extract<AppendResult, { ok: false }>['reason'] | undefined {
  if (!row) return 'missing';
  if (!isOpen(row)) return 'terminal';
  return row.fence === run.fence && row.lastSeq === firstSeq - 1 ? undefined : 'fenced';
}
