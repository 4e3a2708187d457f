import { CommittedEvent } from '../committed-event.js';
import type { EventPage, EventPageLimits } from '../task-store.interface.js';
import { type StoredTask, lastSeqOf } from './stored-task.js';

const DEFAULT_PAGE = { limit: 256, maxBytes: 1024 * 1024 };

/** The events from `seq` on, which the log must hold. */
export const eventsFrom = (task: StoredTask, seq: number, count = Infinity): CommittedEvent[] => {
  const start = seq - task.trimmedSeq - 1;
  return task.log.slice(start, start + count).map((pending, index) => CommittedEvent.of(task, seq + index, pending));
};

/** How many events after `afterSeq` fit on a page. */
export function pageLength(task: StoredTask, afterSeq: number, limits: EventPageLimits = {}): number {
  const { limit, maxBytes } = { ...DEFAULT_PAGE, ...limits };
  let [count, bytes] = [0, 0];
  for (let index = afterSeq - task.trimmedSeq; index < task.log.length && count < limit && bytes < maxBytes; index++) {
    bytes += task.log[index]?.bytes ?? 0;
    count++;
  }
  return count;
}

/** A page of the log, as `TaskStore.eventsAfter` answers. */
export function eventPage(task: StoredTask, afterSeq: number, limits?: EventPageLimits): EventPage {
  const lastSeq = lastSeqOf(task);
  if (afterSeq < task.trimmedSeq) return { events: [], lastSeq, trimmed: true };
  return { events: eventsFrom(task, afterSeq + 1, pageLength(task, afterSeq, limits)), lastSeq, trimmed: false };
}
