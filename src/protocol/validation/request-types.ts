import type { RequestName } from '../codec.interface.js';
import type {
  CancelTaskRequest,
  CreateTaskPushNotificationConfigRequest,
  GetTaskPushNotificationConfigRequest,
  ListTaskPushNotificationConfigsRequest,
  DeleteTaskPushNotificationConfigRequest,
  GetExtendedAgentCardRequest,
  GetTaskRequest,
  ListTasksRequest,
  SendMessageRequest,
  SubscribeToTaskRequest,
} from '../model/index.js';
import {
  CancelTaskRequestDto,
  CreateTaskPushNotificationConfigRequestDto,
  GetTaskPushNotificationConfigRequestDto,
  ListTaskPushNotificationConfigsRequestDto,
  DeleteTaskPushNotificationConfigRequestDto,
  GetExtendedAgentCardRequestDto,
  GetTaskRequestDto,
  ListTasksRequestDto,
  SendMessageRequestDto,
  SubscribeToTaskRequestDto,
} from './dto/index.js';
import type { DtoClass } from './rules/index.js';

/** What a valid request of each name is. */
export interface RequestTypes {
  SendMessage: SendMessageRequest;
  GetTask: GetTaskRequest;
  ListTasks: ListTasksRequest;
  CancelTask: CancelTaskRequest;
  SubscribeToTask: SubscribeToTaskRequest;
  CreateTaskPushNotificationConfig: CreateTaskPushNotificationConfigRequest;
  GetTaskPushNotificationConfig: GetTaskPushNotificationConfigRequest;
  ListTaskPushNotificationConfigs: ListTaskPushNotificationConfigsRequest;
  DeleteTaskPushNotificationConfig: DeleteTaskPushNotificationConfigRequest;
  GetExtendedAgentCard: GetExtendedAgentCardRequest;
}

/** What declares the rules of each request. */
export const REQUEST_DTOS = {
  SendMessage: SendMessageRequestDto,
  GetTask: GetTaskRequestDto,
  ListTasks: ListTasksRequestDto,
  CancelTask: CancelTaskRequestDto,
  SubscribeToTask: SubscribeToTaskRequestDto,
  CreateTaskPushNotificationConfig: CreateTaskPushNotificationConfigRequestDto,
  GetTaskPushNotificationConfig: GetTaskPushNotificationConfigRequestDto,
  ListTaskPushNotificationConfigs: ListTaskPushNotificationConfigsRequestDto,
  DeleteTaskPushNotificationConfig: DeleteTaskPushNotificationConfigRequestDto,
  GetExtendedAgentCard: GetExtendedAgentCardRequestDto,
} as const satisfies Record<RequestName, DtoClass>;
