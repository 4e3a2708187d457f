import type {
  Message,
  TaskArtifactUpdateEvent,
  TaskEvent,
  TaskState,
  TaskStatus,
  TaskStatusUpdateEvent,
} from '../protocol/model/index.js';
import { statusReason } from './status-reason.js';
import type { TurnRequest } from './turn-request.js';

/** What an event of a log is. */
export type EventKind = 'task' | 'status' | 'artifact';

/**
 * An event that is about to be appended. `data` is its JSON text without the ids that the row already has (taskId, contextId). The
 * event is serialised here, once; the same text is stored and sent.
 */
export interface PendingEvent {
  readonly kind: EventKind;
  readonly data: string;
  /** UTF-8 bytes of `data`, `inbound` and `request`. */
  readonly bytes: number;
  /** JSON text of the client's message that this status event adds to the history; not sent with the event. */
  readonly inbound?: string;
  /** JSON text of what the agent learns of the request that brought the message; needed to run the turn again. */
  readonly request?: string;
  /** Present on `task` and `status`. */
  readonly state?: TaskState;
  /** RFC 3339 UTC; present with `state`. */
  readonly statusAt?: string;
  /** The beginning of the text of a status message, kept in the task's row for operators; see `statusReason`. */
  readonly reason?: string;
}

/** Serialises an event for the log. `inbound` and (for an event that begins a turn) `request` are stored next to it. */
export function pendingEvent(event: TaskEvent, inbound?: Message, request?: TurnRequest): PendingEvent {
  if ('task' in event) {
    const { id: _id, contextId: _contextId, status, ...rest } = event.task;
    return pending('task', { status, ...rest }, { inbound, request }, status);
  }
  const body: TaskStatusUpdateEvent | TaskArtifactUpdateEvent =
    'statusUpdate' in event ? event.statusUpdate : event.artifactUpdate;
  const { taskId: _taskId, contextId: _contextId, ...rest } = body;
  return 'status' in rest
    ? pending('status', rest, { inbound, request }, rest.status)
    : pending('artifact', rest, { inbound, request });
}

function pending(
  kind: EventKind,
  body: object,
  beside: { inbound?: Message; request?: TurnRequest },
  status?: TaskStatus,
): PendingEvent {
  const data = JSON.stringify(body);
  const inbound = beside.inbound && JSON.stringify(beside.inbound);
  const request = beside.request && JSON.stringify(beside.request);
  return {
    kind,
    data,
    bytes:
      Buffer.byteLength(data) +
      (inbound === undefined ? 0 : Buffer.byteLength(inbound)) +
      (request === undefined ? 0 : Buffer.byteLength(request)),
    inbound,
    request,
    state: status?.state,
    statusAt: status?.timestamp,
    reason: status && statusReason(status),
  };
}
