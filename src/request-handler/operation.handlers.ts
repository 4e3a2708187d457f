import type { Type } from '@nestjs/common';
import type { OperationName } from '../protocol/operations.js';
import { CancelTaskOperation } from './cancel-task.operation.js';
import { CreatePushConfigOperation } from './create-push-config.operation.js';
import { DeletePushConfigOperation } from './delete-push-config.operation.js';
import { GetExtendedAgentCardOperation } from './get-extended-agent-card.operation.js';
import { GetPushConfigOperation } from './get-push-config.operation.js';
import { GetTaskOperation } from './get-task.operation.js';
import { ListPushConfigsOperation } from './list-push-configs.operation.js';
import { ListTasksOperation } from './list-tasks.operation.js';
import type { OperationHandler } from './request-handler.interface.js';
import { SendMessageOperation } from './send-message.operation.js';
import { SendStreamingMessageOperation } from './send-streaming-message.operation.js';
import { SubscribeToTaskOperation } from './subscribe-to-task.operation.js';

/** The class that runs each operation. */
export const OPERATION_HANDLERS: { readonly [N in OperationName]: Type<OperationHandler<N>> } = {
  SendMessage: SendMessageOperation,
  SendStreamingMessage: SendStreamingMessageOperation,
  GetTask: GetTaskOperation,
  ListTasks: ListTasksOperation,
  CancelTask: CancelTaskOperation,
  SubscribeToTask: SubscribeToTaskOperation,
  CreateTaskPushNotificationConfig: CreatePushConfigOperation,
  GetTaskPushNotificationConfig: GetPushConfigOperation,
  ListTaskPushNotificationConfigs: ListPushConfigsOperation,
  DeleteTaskPushNotificationConfig: DeletePushConfigOperation,
  GetExtendedAgentCard: GetExtendedAgentCardOperation,
};
