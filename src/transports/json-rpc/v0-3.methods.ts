import type { JsonCodec } from '../../protocol/codec.interface.js';
import { pushNotificationNotSupported } from '../../protocol/errors/index.js';
import type { SendMessageRequest } from '../../protocol/model/index.js';
import { v03Codec } from '../../protocol/v0-3/index.js';
import { PRIVATE } from '../http/http-reply.js';
import { answering, type RpcMethod, streaming, unsupported } from './rpc-method.js';

const noPush = unsupported('0.3', pushNotificationNotSupported);

/** v0.3 does not say what a send without `blocking` means; the setting decides. */
function withBlocking(request: SendMessageRequest, blocking: boolean): SendMessageRequest {
  if (blocking || request.configuration?.returnImmediately !== undefined) return request;
  return { ...request, configuration: { ...request.configuration, returnImmediately: true } };
}

/** The methods of v0.3 by their JSON-RPC names, in one of its wire forms. Spec 0.3, 3.5.6. */
export const v03Methods = (codec: JsonCodec): Readonly<Record<string, RpcMethod>> => ({
  'message/send': answering(
    codec,
    'SendMessage',
    async (handler, request, { context, signal, v03Blocking }) =>
      codec.encodeSendMessageResponse(await handler.sendMessage(withBlocking(request, v03Blocking), context, signal)),
    { lasting: true },
  ),
  'message/stream': streaming(codec, 'SendMessage', (handler, request, { context, ...options }) =>
    handler.sendStreamingMessage(request, context, options),
  ),
  'tasks/get': answering(codec, 'GetTask', async (handler, request, { context }) =>
    codec.encodeTask(await handler.getTask(request, context)),
  ),
  'tasks/cancel': answering(codec, 'CancelTask', async (handler, request, { context }) =>
    codec.encodeTask(await handler.cancelTask(request, context)),
  ),
  'tasks/resubscribe': streaming(codec, 'SubscribeToTask', (handler, request, { context, ...options }) =>
    handler.subscribeToTask(request, context, options),
  ),
  'tasks/pushNotificationConfig/set': noPush,
  'tasks/pushNotificationConfig/get': noPush,
  'tasks/pushNotificationConfig/list': noPush,
  'tasks/pushNotificationConfig/delete': noPush,
  'agent/getAuthenticatedExtendedCard': answering(
    codec,
    'GetExtendedAgentCard',
    async (handler, request, { context }) =>
      codec.encodeAgentCard(await handler.getExtendedAgentCard(request, context)),
    { headers: PRIVATE },
  ),
});

/** JSON-RPC methods of v0.3. */
export const V03_METHODS = v03Methods(v03Codec);
