import type { JsonObject } from './json.js';
import type { Message } from './message.js';
import type { Task, TaskState } from './task.js';

export interface AuthenticationInfo {
  scheme: string;
  credentials?: string;
  /** Not on the wire of v1.0: all schemes that a v0.3 client gave, for it to read again. `scheme` is the one in use. */
  schemes?: string[];
}

/** Spec 4.3.1. */
export interface TaskPushNotificationConfig {
  tenant?: string;
  id?: string;
  taskId?: string;
  url: string;
  token?: string;
  authentication?: AuthenticationInfo;
}

/** Spec 3.2.2. `returnImmediately` false or absent: wait for a terminal or interrupted state. */
export interface SendMessageConfiguration {
  acceptedOutputModes?: string[];
  taskPushNotificationConfig?: TaskPushNotificationConfig;
  historyLength?: number;
  returnImmediately?: boolean;
}

export interface SendMessageRequest {
  tenant?: string;
  message: Message;
  configuration?: SendMessageConfiguration;
  metadata?: JsonObject;
}

export interface GetTaskRequest {
  tenant?: string;
  id: string;
  /** At most this many of the newest messages; 0 = none; absent = all. */
  historyLength?: number;
}

/** Spec 3.1.4. `pageSize` 1..100, default 50. `statusTimestampAfter` is inclusive. */
export interface ListTasksRequest {
  tenant?: string;
  contextId?: string;
  status?: TaskState;
  pageSize?: number;
  pageToken?: string;
  historyLength?: number;
  statusTimestampAfter?: string;
  includeArtifacts?: boolean;
}

/** All four members are always present; `nextPageToken` is "" on the last page. */
export interface ListTasksResponse {
  tasks: Task[];
  nextPageToken: string;
  pageSize: number;
  /** Of all pages. A store may estimate it when it is large. */
  totalSize: number;
}

export interface CancelTaskRequest {
  tenant?: string;
  id: string;
  metadata?: JsonObject;
}

export interface SubscribeToTaskRequest {
  tenant?: string;
  id: string;
}

/** A config for a task that there is; `taskId` names it. Spec 3.1.7. */
export interface CreateTaskPushNotificationConfigRequest extends TaskPushNotificationConfig {
  taskId: string;
}

/** Spec 3.1.8. An `id` of '' stands for the config that a v0.3 client means when it names none. */
export interface GetTaskPushNotificationConfigRequest {
  tenant?: string;
  taskId: string;
  id: string;
}

/** Spec 3.1.9. `pageSize` 1..100, default 50. */
export interface ListTaskPushNotificationConfigsRequest {
  tenant?: string;
  taskId: string;
  pageSize?: number;
  pageToken?: string;
}

/** Both members are always present; `nextPageToken` is "" on the last page. */
export interface ListTaskPushNotificationConfigsResponse {
  configs: TaskPushNotificationConfig[];
  nextPageToken: string;
}

/** Spec 3.1.10. */
export interface DeleteTaskPushNotificationConfigRequest {
  tenant?: string;
  taskId: string;
  id: string;
}

/** Spec 3.1.11. */
export interface GetExtendedAgentCardRequest {
  tenant?: string;
}
