import type { JsonCodec, RequestName } from '../protocol/codec.interface.js';
import { pushNotificationNotSupported } from '../protocol/errors/index.js';
import type { SendMessageRequest } from '../protocol/model/index.js';
import type { PageForm } from '../tasks/list-page.js';
import { PRIVATE } from './http/http-reply.js';
import { TaskResponse } from './task-response.js';
import { answering, type Operation, streaming } from './operation.js';

/** The operations by the names that v1.0 gives them. Spec 5.3. */
export type OperationName = RequestName | 'SendStreamingMessage';

/** Spec 3.3.4. Answers hold secrets of webhooks. */
const PUSH: Pick<Operation, 'headers' | 'refusal'> = {
  headers: PRIVATE,
  refusal: ({ options }) => (options.pushNotifications ? undefined : pushNotificationNotSupported()),
};

/**
 * All operations of the protocol in one JSON form: what JSON-RPC names by methods, and HTTP+JSON by addresses. `pageForm`: of what
 * the pages of lists are sent as, if that is not JSON.
 */
export function operationsOf(codec: JsonCodec, pageForm?: PageForm): Readonly<Record<OperationName, Operation>> {
  return {
    SendMessage: answering(
      codec,
      'SendMessage',
      async (handler, request, { context, signal, v03Blocking }) => {
        const asked = codec.version === '0.3' ? withBlocking(request, v03Blocking) : request;
        return codec.encodeSendMessageResponse(await handler.sendMessage(asked, context, signal));
      },
      { lasting: true },
    ),
    SendStreamingMessage: streaming(codec, 'SendMessage', (handler, request, { context, ...options }) =>
      handler.sendStreamingMessage(request, context, options),
    ),
    GetTask: answering(
      codec,
      'GetTask',
      async (handler, request, { context }) => new TaskResponse(await handler.getTask(request, context), codec),
    ),
    ListTasks: answering(codec, 'ListTasks', async (handler, request, { context }) =>
      codec.encodeListTasksResponse(await handler.listTasks(request, context, pageForm)),
    ),
    CancelTask: answering(
      codec,
      'CancelTask',
      async (handler, request, { context }) => new TaskResponse(await handler.cancelTask(request, context), codec),
    ),
    SubscribeToTask: streaming(codec, 'SubscribeToTask', (handler, request, { context, ...options }) =>
      handler.subscribeToTask(request, context, options),
    ),
    CreateTaskPushNotificationConfig: answering(
      codec,
      'CreateTaskPushNotificationConfig',
      async (handler, request, { context }) =>
        codec.encodePushConfig(await handler.createTaskPushNotificationConfig(request, context)),
      PUSH,
    ),
    GetTaskPushNotificationConfig: answering(
      codec,
      'GetTaskPushNotificationConfig',
      async (handler, request, { context }) =>
        codec.encodePushConfig(await handler.getTaskPushNotificationConfig(request, context)),
      PUSH,
    ),
    ListTaskPushNotificationConfigs: answering(
      codec,
      'ListTaskPushNotificationConfigs',
      async (handler, request, { context }) =>
        codec.encodeListPushConfigsResponse(await handler.listTaskPushNotificationConfigs(request, context)),
      PUSH,
    ),
    DeleteTaskPushNotificationConfig: answering(
      codec,
      'DeleteTaskPushNotificationConfig',
      async (handler, request, { context }) => {
        await handler.deleteTaskPushNotificationConfig(request, context);
        return codec.encodeEmpty();
      },
      PUSH,
    ),
    GetExtendedAgentCard: answering(
      codec,
      'GetExtendedAgentCard',
      async (handler, request, { context }) =>
        codec.encodeAgentCard(await handler.getExtendedAgentCard(request, context)),
      { headers: PRIVATE },
    ),
  };
}

/** v0.3 does not say what a send without `blocking` means; the setting decides. */
function withBlocking(request: SendMessageRequest, blocking: boolean): SendMessageRequest {
  if (blocking || request.configuration?.returnImmediately !== undefined) return request;
  return { ...request, configuration: { ...request.configuration, returnImmediately: true } };
}
