import type { OperationName } from '../operations.js';
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

/** What declares the rules of each request. */
export const REQUEST_DTOS = {
  SendMessage: SendMessageRequestDto,
  SendStreamingMessage: SendMessageRequestDto,
  GetTask: GetTaskRequestDto,
  ListTasks: ListTasksRequestDto,
  CancelTask: CancelTaskRequestDto,
  SubscribeToTask: SubscribeToTaskRequestDto,
  CreateTaskPushNotificationConfig: CreateTaskPushNotificationConfigRequestDto,
  GetTaskPushNotificationConfig: GetTaskPushNotificationConfigRequestDto,
  ListTaskPushNotificationConfigs: ListTaskPushNotificationConfigsRequestDto,
  DeleteTaskPushNotificationConfig: DeleteTaskPushNotificationConfigRequestDto,
  GetExtendedAgentCard: GetExtendedAgentCardRequestDto,
} as const satisfies Record<OperationName, DtoClass>;
