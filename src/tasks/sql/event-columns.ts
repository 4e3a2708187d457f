import { kindCode } from '../event-row.js';
import type { PendingEvent } from '../pending-event.js';
import { toStored } from '../task-states.js';
import type { SqlValue } from './sql-session.js';

export const NEW_EVENT_COLUMNS = [
  'task_id',
  'seq',
  'fence',
  'bytes',
  'kind',
  'state',
  'data',
  'inbound',
  'request',
] as const;

/** The values of a row of a2a_event. */
export function eventValues(taskId: string, seq: number, fence: number, event: PendingEvent): SqlValue[] {
  const { bytes, state, data, inbound, request } = event;
  const kind = event.kind === 'task' ? 0 : kindCode(event);
  return [taskId, seq, fence, bytes, kind, state && toStored(state), data, inbound, request];
}
