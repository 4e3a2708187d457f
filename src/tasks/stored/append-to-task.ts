import { steadyNow } from '../../common/steady-now.js';
import { isTerminal } from '../../protocol/state/task-state.js';
import { appendFault, appendRefusal } from '../core/append-rules.js';
import { CommittedEvent } from '../committed-event.js';
import type { PendingEvent } from '../pending-event.js';
import { statusTime } from '../status-time.js';
import type { AppendResult, RunAppend } from '../task-store.interface.js';
import { type StoredTask, lastSeqOf } from './stored-task.js';
import { withMembers } from '../../common/with-members.js';

/** Why an append is refused; undefined: `appendToTask` may write it. */
export function refusedAppend(
  task: StoredTask | undefined,
  { run, firstSeq, events }: RunAppend,
): Extract<AppendResult, { ok: false }> | undefined {
  const reason = appendRefusal(task && { state: task.state, fence: task.fence, lastSeq: lastSeqOf(task) }, {
    run,
    firstSeq,
  });
  if (reason) return { ok: false, reason };
  const cause = appendFault(events);
  return cause && { ok: false, reason: 'invalid', cause };
}

/** Appends the events to the log of the task, and sets its status by them. What its inbox held for the turn is taken out. */
export function appendToTask(task: StoredTask, { events, consumes }: RunAppend): CommittedEvent[] {
  if (consumes !== undefined) takeMessage(task, consumes);
  const at = steadyNow();
  return events.map((event) => {
    task.log.push(withMembers(event, { fence: task.fence, at }));
    task.bytes += event.bytes;
    if (event.state !== undefined) setStatus(task, event);
    return CommittedEvent.of(task, lastSeqOf(task), event);
  });
}

function setStatus(task: StoredTask, { state = task.state, statusAt, reason }: PendingEvent): void {
  task.state = state;
  task.reason = reason;
  task.statusAt = statusTime(statusAt) ?? task.statusAt;
  task.stateAt = steadyNow();
  if (isTerminal(state)) task.runOwner = undefined;
}

/** Takes a message out of the inbox. undefined: it is not there. */
export function takeMessage({ inbox }: StoredTask, id: string): StoredTask['inbox'][number] | undefined {
  const index = inbox.findIndex((entry) => entry.id === id);
  return index < 0 ? undefined : inbox.splice(index, 1)[0];
}
