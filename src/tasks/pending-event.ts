import type {
  Message,
  TaskArtifactUpdateEvent,
  TaskEvent,
  TaskState,
  TaskStatusUpdateEvent,
} from '../protocol/model/index.js';

export type EventKind = 'task' | 'status' | 'artifact';

/**
 * An event on its way into the log. `data` is its JSON text without the ids that the row already has (taskId, contextId):
 * it is serialised here, once, and the same text is stored and sent.
 */
export interface PendingEvent {
  readonly kind: EventKind;
  readonly data: string;
  /** UTF-8 bytes of `data` and `inbound`. */
  readonly bytes: number;
  /** JSON text of the client's message that this status event takes into the history; not sent with the event. */
  readonly inbound?: string;
  /** Present on `task` and `status`. */
  readonly state?: TaskState;
  /** RFC 3339 UTC; present with `state`. */
  readonly statusAt?: string;
}

/** Serialises an event for the log. */
export function pendingEvent(event: TaskEvent, inbound?: Message): PendingEvent {
  if ('task' in event) {
    const { id: _id, contextId: _contextId, status, ...rest } = event.task;
    return pending('task', { status, ...rest }, inbound, status);
  }
  const body: TaskStatusUpdateEvent | TaskArtifactUpdateEvent =
    'statusUpdate' in event ? event.statusUpdate : event.artifactUpdate;
  const { taskId: _taskId, contextId: _contextId, ...rest } = body;
  return 'status' in rest ? pending('status', rest, inbound, rest.status) : pending('artifact', rest, inbound);
}

function pending(
  kind: EventKind,
  body: object,
  inbound?: Message,
  status?: { state: TaskState; timestamp?: string },
): PendingEvent {
  const data = JSON.stringify(body);
  const inboundText = inbound && JSON.stringify(inbound);
  return {
    kind,
    data,
    bytes: Buffer.byteLength(data) + (inboundText ? Buffer.byteLength(inboundText) : 0),
    inbound: inboundText,
    state: status?.state,
    statusAt: status?.timestamp,
  };
}
