import { isTerminal } from '../protocol/state/task-state.js';
import type { PendingEvent } from './pending-event.js';
import { statusTime } from './status-time.js';

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
