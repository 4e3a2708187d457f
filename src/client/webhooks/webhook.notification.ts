import { isObject } from '../../common/is-object.js';
import type { Artifact, JsonObject, Message, StreamResponse, Task, TaskStatus } from '../../protocol/model/index.js';
import { v03Adapter } from '../transport/v0-3.adapter.js';
import { v10Adapter } from '../transport/v1-0.adapter.js';

interface Common {
  /** `X-A2A-Notification-Id`, which is the same each time that an event is sent. undefined: the sender gives none. */
  readonly id?: string;
  /** The version of the body. The notification itself is always in the form of v1.0. */
  readonly version: '0.3' | '1.0';
  /** '' if the sender gives none. */
  readonly taskId: string;
  readonly contextId: string;
}

/**
 * What a webhook was told. `task`: the whole task, as of now; each notification of v0.3 is one. `status` and `artifact`: what has changed.
 * An artifact that arrives in many chunks comes with the first and the last chunk only. `message`: from servers that send those.
 */
export type WebhookNotification = Common &
  (
    | { readonly kind: 'task'; readonly task: Task; readonly status: TaskStatus }
    | { readonly kind: 'status'; readonly status: TaskStatus; readonly metadata?: JsonObject }
    | {
        readonly kind: 'artifact';
        readonly artifact: Artifact;
        /** The parts belong to the end of the artifact with this id. */
        readonly append: boolean;
        readonly lastChunk: boolean;
        readonly metadata?: JsonObject;
      }
    | { readonly kind: 'message'; readonly message: Message }
  );

/**
 * The notification in a body: a StreamResponse of v1.0, a Task or an event of v0.3, with or without `kind`. The members decide, because SDKs
 * send both versions as application/json. Throws A2AClientJSONError naming the member that is wrong, and SyntaxError.
 */
export function notificationIn(body: string, id?: string): WebhookNotification {
  const value: unknown = JSON.parse(body);
  const version = isV03(value) ? '0.3' : '1.0';
  const event = decoded(value, version);
  return { ...(id !== undefined && { id }), version, ...contentOf(event) };
}

function isV03(value: unknown): boolean {
  if (!isObject(value)) return false;
  if (typeof value.kind === 'string') return true;
  const { status } = value;
  return isObject(status) && typeof status.state === 'string' && !status.state.startsWith('TASK_STATE_');
}

/** Some servers leave out what says that it is a Task. */
function decoded(value: unknown, version: '0.3' | '1.0'): StreamResponse {
  const adapter = version === '0.3' ? v03Adapter : v10Adapter;
  const bare = isObject(value) && value.kind === undefined && 'id' in value && 'status' in value;
  return bare ? { task: adapter.decode('Task', value) } : adapter.decode('StreamResponse', value);
}

type Content = WebhookNotification extends infer N ? (N extends unknown ? Omit<N, 'id' | 'version'> : never) : never;

function contentOf(event: StreamResponse): Content {
  if ('task' in event) {
    const { task } = event;
    return { kind: 'task', taskId: task.id, contextId: task.contextId, task, status: task.status };
  }
  if ('statusUpdate' in event) return { kind: 'status', ...event.statusUpdate };
  if ('artifactUpdate' in event) {
    return { kind: 'artifact', append: false, lastChunk: false, ...event.artifactUpdate };
  }
  const { message } = event;
  return { kind: 'message', taskId: message.taskId ?? '', contextId: message.contextId ?? '', message };
}
