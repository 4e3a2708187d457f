import { Injectable } from '@nestjs/common';
import type {
  AgentCard,
  CancelTaskRequest,
  CreateTaskPushNotificationConfigRequest,
  DeleteTaskPushNotificationConfigRequest,
  GetExtendedAgentCardRequest,
  GetTaskPushNotificationConfigRequest,
  GetTaskRequest,
  ListTaskPushNotificationConfigsRequest,
  ListTaskPushNotificationConfigsResponse,
  ListTasksRequest,
  ListTasksResponse,
  SendMessageRequest,
  SendMessageResponse,
  SubscribeToTaskRequest,
  TaskPushNotificationConfig,
} from '../protocol/model/index.js';
import type { CallContext } from '../security/call-context.js';
import type { PageForm } from '../tasks/list-page.js';
import type { TaskDocument } from '../tasks/task-document.js';
import { CancelTaskOperation } from './cancel-task.operation.js';
import { CreatePushConfigOperation } from './create-push-config.operation.js';
import { DeletePushConfigOperation } from './delete-push-config.operation.js';
import { GetExtendedAgentCardOperation } from './get-extended-agent-card.operation.js';
import { GetPushConfigOperation } from './get-push-config.operation.js';
import { GetTaskOperation } from './get-task.operation.js';
import { ListPushConfigsOperation } from './list-push-configs.operation.js';
import { ListTasksOperation } from './list-tasks.operation.js';
import type { ItemStream, RequestHandler, StreamOptions } from './request-handler.interface.js';
import { SendMessageOperation } from './send-message.operation.js';
import { SendStreamingMessageOperation } from './send-streaming-message.operation.js';
import { SubscribeToTaskOperation } from './subscribe-to-task.operation.js';

/** The operations, by name; each has a file of its own. */
@Injectable()
export class DefaultRequestHandler implements RequestHandler {
  constructor(
    private readonly send: SendMessageOperation,
    private readonly stream: SendStreamingMessageOperation,
    private readonly get: GetTaskOperation,
    private readonly list: ListTasksOperation,
    private readonly cancel: CancelTaskOperation,
    private readonly subscribe: SubscribeToTaskOperation,
    private readonly createPushConfig: CreatePushConfigOperation,
    private readonly getPushConfig: GetPushConfigOperation,
    private readonly listPushConfigs: ListPushConfigsOperation,
    private readonly deletePushConfig: DeletePushConfigOperation,
    private readonly extendedCard: GetExtendedAgentCardOperation,
  ) {}

  sendMessage(request: SendMessageRequest, context: CallContext, signal?: AbortSignal): Promise<SendMessageResponse> {
    return this.send.execute(request, context, signal);
  }

  sendStreamingMessage(request: SendMessageRequest, context: CallContext, options: StreamOptions): Promise<ItemStream> {
    return this.stream.execute(request, context, options);
  }

  getTask(request: GetTaskRequest, context: CallContext): Promise<TaskDocument> {
    return this.get.execute(request, context);
  }

  listTasks(request: ListTasksRequest, context: CallContext, form?: PageForm): Promise<ListTasksResponse> {
    return this.list.execute(request, context, form);
  }

  cancelTask(request: CancelTaskRequest, context: CallContext): Promise<TaskDocument> {
    return this.cancel.execute(request, context);
  }

  subscribeToTask(request: SubscribeToTaskRequest, context: CallContext, options: StreamOptions): Promise<ItemStream> {
    return this.subscribe.execute(request, context, options);
  }

  createTaskPushNotificationConfig(
    request: CreateTaskPushNotificationConfigRequest,
    context: CallContext,
  ): Promise<TaskPushNotificationConfig> {
    return this.createPushConfig.execute(request, context);
  }

  getTaskPushNotificationConfig(
    request: GetTaskPushNotificationConfigRequest,
    context: CallContext,
  ): Promise<TaskPushNotificationConfig> {
    return this.getPushConfig.execute(request, context);
  }

  listTaskPushNotificationConfigs(
    request: ListTaskPushNotificationConfigsRequest,
    context: CallContext,
  ): Promise<ListTaskPushNotificationConfigsResponse> {
    return this.listPushConfigs.execute(request, context);
  }

  deleteTaskPushNotificationConfig(
    request: DeleteTaskPushNotificationConfigRequest,
    context: CallContext,
  ): Promise<void> {
    return this.deletePushConfig.execute(request, context);
  }

  getExtendedAgentCard(request: GetExtendedAgentCardRequest, context: CallContext): Promise<AgentCard> {
    return this.extendedCard.execute(request, context);
  }
}
