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
  Message,
  SendMessageRequest,
  SendMessageResponse,
  SubscribeToTaskRequest,
  TaskPushNotificationConfig,
} from '../protocol/model/index.js';
import type { DirectSource } from '../events/direct-source.interface.js';
import type { CursorItem } from '../events/task-cursor.interface.js';
import type { CallContext } from '../security/call-context.js';
import type { PageForm } from '../tasks/list-page.js';
import type { TaskDocument } from '../tasks/task-document.js';

export const REQUEST_HANDLER = Symbol('RequestHandler');

/** An item of a stream; a Message reply is the only item of its stream. */
export type StreamItem = CursorItem | { readonly type: 'message'; readonly message: Message; readonly final: true };

export interface StreamOptions {
  /** The `Last-Event-ID` header as received. */
  readonly lastEventId?: string;
  /** The client left: ends the stream, never the task. */
  readonly signal?: AbortSignal;
}

/** Batches of items; ends with the item that is `final`, or when the signal aborts. A throw mid-stream is an A2AError. */
export interface ItemStream extends AsyncGenerator<StreamItem[], void, void>, DirectSource<StreamItem[]> {
  /** The client has all that there is, and nothing will follow: there is no need to come back. */
  readonly empty?: boolean;
}

/**
 * The operations of the protocol, for all bindings. They take canonical v1.0 requests that passed validation, and throw
 * A2AError. A stream is returned when its first batch is known, so that errors before it are ordinary answers.
 */
export interface RequestHandler {
  sendMessage(request: SendMessageRequest, context: CallContext, signal?: AbortSignal): Promise<SendMessageResponse>;
  sendStreamingMessage(request: SendMessageRequest, context: CallContext, options: StreamOptions): Promise<ItemStream>;
  getTask(request: GetTaskRequest, context: CallContext): Promise<TaskDocument>;
  /** `form`: of the answer, if that is not JSON. */
  listTasks(request: ListTasksRequest, context: CallContext, form?: PageForm): Promise<ListTasksResponse>;
  cancelTask(request: CancelTaskRequest, context: CallContext): Promise<TaskDocument>;
  subscribeToTask(request: SubscribeToTaskRequest, context: CallContext, options: StreamOptions): Promise<ItemStream>;
  /** With the id of a config that there is, it replaces that one. Answers hold secrets, here and in the next two. */
  createTaskPushNotificationConfig(
    request: CreateTaskPushNotificationConfigRequest,
    context: CallContext,
  ): Promise<TaskPushNotificationConfig>;
  getTaskPushNotificationConfig(
    request: GetTaskPushNotificationConfigRequest,
    context: CallContext,
  ): Promise<TaskPushNotificationConfig>;
  listTaskPushNotificationConfigs(
    request: ListTaskPushNotificationConfigsRequest,
    context: CallContext,
  ): Promise<ListTaskPushNotificationConfigsResponse>;
  deleteTaskPushNotificationConfig(
    request: DeleteTaskPushNotificationConfigRequest,
    context: CallContext,
  ): Promise<void>;
  /** Its answer must not be stored by shared caches. */
  getExtendedAgentCard(request: GetExtendedAgentCardRequest, context: CallContext): Promise<AgentCard>;
}
