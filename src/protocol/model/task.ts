import type { JsonObject } from './json.js';
import type { Artifact, Message } from './message.js';

/** Spec 4.1.3. `TASK_STATE_UNSPECIFIED` exists on the wire only; a task never holds it. */
export type TaskState =
  | 'TASK_STATE_SUBMITTED'
  | 'TASK_STATE_WORKING'
  | 'TASK_STATE_COMPLETED'
  | 'TASK_STATE_FAILED'
  | 'TASK_STATE_CANCELED'
  | 'TASK_STATE_INPUT_REQUIRED'
  | 'TASK_STATE_REJECTED'
  | 'TASK_STATE_AUTH_REQUIRED';

/** Spec 4.1.2. `timestamp` is RFC 3339 in UTC with milliseconds; this server always sets it. */
export interface TaskStatus {
  state: TaskState;
  message?: Message;
  timestamp?: string;
}

/** Spec 4.1.1. */
export interface Task {
  id: string;
  contextId: string;
  status: TaskStatus;
  artifacts?: Artifact[];
  history?: Message[];
  metadata?: JsonObject;
}

/** Spec 4.2.1. */
export interface TaskStatusUpdateEvent {
  taskId: string;
  contextId: string;
  status: TaskStatus;
  metadata?: JsonObject;
}

/** Spec 4.2.2. `append`: add the parts to the artifact of that id; `lastChunk`: nothing more will be appended. */
export interface TaskArtifactUpdateEvent {
  taskId: string;
  contextId: string;
  artifact: Artifact;
  append?: boolean;
  lastChunk?: boolean;
  metadata?: JsonObject;
}

/** An event of a task's log, in the wire's form. */
export type TaskEvent =
  { task: Task } | { statusUpdate: TaskStatusUpdateEvent } | { artifactUpdate: TaskArtifactUpdateEvent };

/** Spec 3.2.3: exactly one member. */
export type StreamResponse = TaskEvent | { message: Message };

/** Spec 3.2.2: exactly one member. */
export type SendMessageResponse = { task: Task } | { message: Message };
