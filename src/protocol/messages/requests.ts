import type { JsonObject } from '../model/json.js';
import { Field } from './field.decorator.js';
import { bool, listOf, messageOf, struct, timestamp } from './kind.js';
import {
  count,
  historyLength,
  id,
  mediaTypes,
  optionalId,
  pageSize,
  pageToken,
  taskState,
  tenant,
  text,
} from './kinds.js';
import { Message } from './message.js';
import { TaskPushNotificationConfig } from './push-config.js';
import { Task, type TaskState } from './task.js';

const HISTORY = 'Newest messages in the answer; 0: none, absent: all.';

/** Spec 3.2.2. */
export class SendMessageConfiguration {
  /** Media types. */
  @Field(1, mediaTypes)
  acceptedOutputModes?: string[];

  @Field(2, messageOf(TaskPushNotificationConfig))
  taskPushNotificationConfig?: TaskPushNotificationConfig;

  /** At most this many of the newest messages are returned; 0 = none. */
  @Field(3, historyLength, 'optional', HISTORY)
  historyLength?: number;

  /** Default false: wait for a terminal or interrupted state. */
  @Field(4, bool, undefined, 'False or absent: the answer waits until the task ends or needs the caller.')
  returnImmediately?: boolean;
}

/** SendMessage and SendStreamingMessage. Spec 3.1.1. */
export class SendMessageRequest {
  @Field(1, tenant)
  tenant?: string;

  @Field(2, messageOf(Message), 'required')
  message: Message;

  @Field(3, messageOf(SendMessageConfiguration))
  configuration?: SendMessageConfiguration;

  @Field(4, struct)
  metadata?: JsonObject;
}

/** Spec 3.1.3. */
export class GetTaskRequest {
  @Field(1, tenant)
  tenant?: string;

  @Field(2, id, 'required')
  id: string;

  /** At most this many of the newest messages; 0 = none; absent = all. */
  @Field(3, historyLength, 'optional', HISTORY)
  historyLength?: number;
}

/** Spec 3.1.4. */
export class ListTasksRequest {
  @Field(1, tenant)
  tenant?: string;

  @Field(2, optionalId)
  contextId?: string;

  @Field(3, { ...taskState, zeroIsUnset: true })
  status?: TaskState;

  /** 1 to 100, default 50. */
  @Field(4, pageSize, 'optional')
  pageSize?: number;

  /** `nextPageToken` of the page before. */
  @Field(5, pageToken)
  pageToken?: string;

  @Field(6, historyLength, 'optional', HISTORY)
  historyLength?: number;

  /** RFC 3339; tasks whose status is of that time or later. */
  @Field(7, timestamp)
  statusTimestampAfter?: string;

  /** Default false. */
  @Field(8, bool, 'optional')
  includeArtifacts?: boolean;
}

/** All four members are always present. */
export class ListTasksResponse {
  @Field(1, listOf(messageOf(Task)), 'required')
  tasks: Task[];

  /** "" on the last page. */
  @Field(2, text, 'required', 'Empty on the last page.')
  nextPageToken: string;

  @Field(3, count, 'required')
  pageSize: number;

  /** Of all pages. A store may estimate it when it is large. */
  @Field(
    4,
    count,
    'required',
    'Tasks that match, on all pages. Exact up to 10,000; beyond, an estimate of at least 10,001.',
  )
  totalSize: number;
}

/** Spec 3.1.5. */
export class CancelTaskRequest {
  @Field(1, tenant)
  tenant?: string;

  @Field(2, id, 'required')
  id: string;

  @Field(3, struct)
  metadata?: JsonObject;
}

/** Spec 3.1.6. */
export class SubscribeToTaskRequest {
  @Field(1, tenant)
  tenant?: string;

  @Field(2, id, 'required')
  id: string;
}

/** Spec 3.1.11. */
export class GetExtendedAgentCardRequest {
  @Field(1, tenant)
  tenant?: string;
}

/** An answer without content. */
export class Empty {}
