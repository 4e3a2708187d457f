import type {
  AgentCard,
  ListTaskPushNotificationConfigsResponse,
  ListTasksResponse,
  Message,
  SendMessageResponse,
  StreamResponse,
  Task,
  TaskPushNotificationConfig,
} from './model/index.js';

export type RequestName =
  | 'SendMessage'
  | 'GetTask'
  | 'ListTasks'
  | 'CancelTask'
  | 'SubscribeToTask'
  | 'CreateTaskPushNotificationConfig'
  | 'GetTaskPushNotificationConfig'
  | 'ListTaskPushNotificationConfigs'
  | 'DeleteTaskPushNotificationConfig'
  | 'GetExtendedAgentCard';

/** A wire's request turned into an object of canonical (v1.0) form; its types are not checked yet. */
export interface Decoded {
  readonly value: unknown;
  /** Turns a canonical path (`message.parts[0].url`) into the client's (`message.parts[0].file.uri`). */
  readonly path: (canonical: string) => string;
}

/**
 * One JSON form of the protocol. Decoding never throws: what has the wrong type is passed on as it is, so that validation
 * names it. Encoding returns new objects and shares `metadata` and `data` values unchanged.
 */
export interface JsonCodec {
  readonly version: '1.0' | '0.3';
  decode(request: RequestName, params: unknown): Decoded;
  encodeTask(task: Task): object;
  encodeMessage(message: Message): object;
  encodeSendMessageResponse(response: SendMessageResponse): object;
  encodeListTasksResponse(response: ListTasksResponse): object;
  /** `final`: this response ends its stream; v0.3 puts it on a status update. */
  encodeStreamResponse(response: StreamResponse, final: boolean): object;
  encodePushConfig(config: TaskPushNotificationConfig): object;
  /** v0.3 over JSON-RPC has no pages: its answer is the list alone. */
  encodeListPushConfigsResponse(response: ListTaskPushNotificationConfigsResponse): object;
  /** An answer without content. v0.3 over JSON-RPC says null. */
  encodeEmpty(): object | null;
  encodeAgentCard(card: AgentCard): object;
}
