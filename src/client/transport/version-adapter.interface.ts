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
  StreamResponse,
  SubscribeToTaskRequest,
  Task,
  TaskPushNotificationConfig,
} from '../../protocol/model/index.js';

/** Requests of the operations, in canonical form. */
export interface Requests {
  SendMessage: SendMessageRequest;
  SendStreamingMessage: SendMessageRequest;
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

/** What they are answered with; a stream with one of these for each event. */
export interface Answers {
  SendMessage: SendMessageResponse;
  SendStreamingMessage: StreamResponse;
  GetTask: Task;
  ListTasks: ListTasksResponse;
  CancelTask: Task;
  SubscribeToTask: StreamResponse;
  CreateTaskPushNotificationConfig: TaskPushNotificationConfig;
  GetTaskPushNotificationConfig: TaskPushNotificationConfig;
  ListTaskPushNotificationConfigs: ListTaskPushNotificationConfigsResponse;
  DeleteTaskPushNotificationConfig: void;
  GetExtendedAgentCard: AgentCard;
}

export type Operation = keyof Requests;
export type StreamingOperation = 'SendStreamingMessage' | 'SubscribeToTask';

/** One JSON form of the protocol, from the client's side. */
export interface VersionAdapter {
  readonly version: '1.0' | '0.3';
  /** The request as it goes on the wire, ids included. */
  readonly encode: { readonly [O in Operation]: (request: Requests[O]) => object };
  /** Reads and checks what came. Throws A2AClientJSONError naming the member that is wrong. */
  readonly decode: { readonly [O in Operation]: (answer: unknown) => Answers[O] };
}
