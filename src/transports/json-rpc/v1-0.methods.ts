import { pushNotificationNotSupported } from '../../protocol/errors/index.js';
import { v10Codec as codec } from '../../protocol/v1-0/index.js';
import { PRIVATE } from '../http/http-reply.js';
import { answering, type RpcMethod, streaming, unsupported } from './rpc-method.js';

const noPush = unsupported('1.0', pushNotificationNotSupported);

/** JSON-RPC methods of v1.0. Spec 9.4. */
export const V10_METHODS: Readonly<Record<string, RpcMethod>> = {
  SendMessage: answering(
    codec,
    'SendMessage',
    async (handler, request, { context, signal }) =>
      codec.encodeSendMessageResponse(await handler.sendMessage(request, context, signal)),
    { lasting: true },
  ),
  SendStreamingMessage: streaming(codec, 'SendMessage', (handler, request, { context, ...options }) =>
    handler.sendStreamingMessage(request, context, options),
  ),
  GetTask: answering(codec, 'GetTask', async (handler, request, { context }) =>
    codec.encodeTask(await handler.getTask(request, context)),
  ),
  ListTasks: answering(codec, 'ListTasks', async (handler, request, { context }) =>
    codec.encodeListTasksResponse(await handler.listTasks(request, context)),
  ),
  CancelTask: answering(codec, 'CancelTask', async (handler, request, { context }) =>
    codec.encodeTask(await handler.cancelTask(request, context)),
  ),
  SubscribeToTask: streaming(codec, 'SubscribeToTask', (handler, request, { context, ...options }) =>
    handler.subscribeToTask(request, context, options),
  ),
  CreateTaskPushNotificationConfig: noPush,
  GetTaskPushNotificationConfig: noPush,
  ListTaskPushNotificationConfigs: noPush,
  DeleteTaskPushNotificationConfig: noPush,
  GetExtendedAgentCard: answering(
    codec,
    'GetExtendedAgentCard',
    async (handler, request, { context }) =>
      codec.encodeAgentCard(await handler.getExtendedAgentCard(request, context)),
    { headers: PRIVATE },
  ),
};
