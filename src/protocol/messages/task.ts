import type { JsonObject } from '../model/json.js';
import type { TASK_STATES } from '../state/task-state.js';
import { REQUEST_LIMITS } from '../validation/limits.js';
import { Field } from './field.decorator.js';
import { bool, listOf, messageOf, struct, timestamp } from './kind.js';
import { id, taskState } from './kinds.js';
import { Artifact, Message } from './message.js';

/** Spec 4.1.3. `TASK_STATE_UNSPECIFIED` exists on the wire only; a task never holds it. */
export type TaskState = (typeof TASK_STATES)[number];

/** Spec 4.1.2. */
export class TaskStatus {
  @Field(1, taskState, 'required')
  state: TaskState;

  @Field(2, messageOf(Message))
  message?: Message;

  /** RFC 3339 in UTC with milliseconds; this server always sets it. */
  @Field(3, timestamp)
  timestamp?: string;
}

/** Spec 4.1.1. */
export class Task {
  @Field(1, id, 'required')
  id: string;

  @Field(2, id, 'required')
  contextId: string;

  @Field(3, messageOf(TaskStatus), 'required')
  status: TaskStatus;

  @Field(4, listOf(messageOf(Artifact), { max: REQUEST_LIMITS.parts }))
  artifacts?: Artifact[];

  @Field(5, listOf(messageOf(Message)))
  history?: Message[];

  @Field(6, struct)
  metadata?: JsonObject;
}

/** Spec 4.2.1. */
export class TaskStatusUpdateEvent {
  @Field(1, id, 'required')
  taskId: string;

  @Field(2, id, 'required')
  contextId: string;

  @Field(3, messageOf(TaskStatus), 'required')
  status: TaskStatus;

  @Field(4, struct)
  metadata?: JsonObject;
}

/** Spec 4.2.2. */
export class TaskArtifactUpdateEvent {
  @Field(1, id, 'required')
  taskId: string;

  @Field(2, id, 'required')
  contextId: string;

  @Field(3, messageOf(Artifact), 'required')
  artifact: Artifact;

  /** Add the parts to the artifact of that id. */
  @Field(4, bool)
  append?: boolean;

  /** Nothing more will be appended. */
  @Field(5, bool)
  lastChunk?: boolean;

  @Field(6, struct)
  metadata?: JsonObject;
}

/** All members of a SendMessageResponse. */
export class SendMessageResponseFields {
  @Field(1, messageOf(Task), 'oneof')
  task?: Task;

  @Field(2, messageOf(Message), 'oneof')
  message?: Message;
}

/** All members of a StreamResponse. */
export class StreamResponseFields extends SendMessageResponseFields {
  @Field(3, messageOf(TaskStatusUpdateEvent), 'oneof')
  statusUpdate?: TaskStatusUpdateEvent;

  @Field(4, messageOf(TaskArtifactUpdateEvent), 'oneof')
  artifactUpdate?: TaskArtifactUpdateEvent;
}

/** An event of a task's log, in the wire's form. */
export type TaskEvent =
  { task: Task } | { statusUpdate: TaskStatusUpdateEvent } | { artifactUpdate: TaskArtifactUpdateEvent };

/** Spec 3.2.3: exactly one member. */
export type StreamResponse = TaskEvent | { message: Message };

/** Spec 3.2.2: exactly one member. */
export type SendMessageResponse = { task: Task } | { message: Message };
