import { kindCode } from '../../event-row.js';
import type { PendingEvent } from '../../pending-event.js';
import { toStored } from '../../task-states.js';
import type { Fragment, SqlValue } from './sql.js';

export const NEW_EVENT_COLUMNS = [
  ...['task_id', 'seq', 'fence', 'bytes', 'kind', 'state', 'data', 'inbound', 'request', 'at'],
];

/** The values of a row of a2a_event. `at`: the time of its commit, by the database's clock. */
export function eventValues(
  taskId: string,
  seq: number,
  fence: number,
  event: PendingEvent,
  at: SqlValue | Fragment,
): (SqlValue | Fragment)[] {
  const { bytes, state, data, inbound, request } = event;
  return [taskId, seq, fence, bytes, kindCode(event), state && toStored(state), data, inbound, request, at];
}
