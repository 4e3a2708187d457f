import type { RegisteredAgent } from '../agents/agent-registry.interface.js';
import type { JsonCodec } from '../protocol/codec.interface.js';
import { pushNotificationNotSupported } from '../protocol/errors/index.js';
import type { SendMessageRequest } from '../protocol/model/index.js';
import {
  mapOperations,
  methodOf,
  type OperationDescription,
  type OperationName,
  type ResponseMessage,
} from '../protocol/operations.js';
import { validateRequest } from '../protocol/validation/index.js';
import type { OperationOptions } from '../request-handler/request-handler.interface.js';
import type { CallContext } from '../security/call-context.js';
import type { PageForm } from '../tasks/list-page.js';
import type { TaskDocument } from '../tasks/task-document.js';
import { PRIVATE } from './http/http-reply.js';
import type { Operation, ValidRequest } from './operation.js';
import { TaskResponse } from './task-response.js';

/**
 * All protocol operations in one JSON form: JSON-RPC maps methods to them, HTTP+JSON maps paths. `pageForm`: the form in which list pages
 * are sent, if not JSON.
 */
export const operationsOf = (codec: JsonCodec, pageForm?: PageForm): Readonly<Record<OperationName, Operation>> =>
  mapOperations((name, description) => operationOf(codec, name, description, pageForm));

/** Runs before the params are read. @throws A2AError what the operation's `refusal` returns */
export function assertSupported({ refusal }: Operation, agent: RegisteredAgent): void {
  const refused = refusal?.(agent);
  if (refused) throw refused;
}

type Run = (request: ValidRequest, context: CallContext, options: OperationOptions) => Promise<unknown>;

function operationOf(
  codec: JsonCodec,
  name: OperationName,
  { response, stream, lasting, needs, private: isPrivate }: OperationDescription,
  pageForm: PageForm | undefined,
): Operation {
  const method = methodOf(name);
  const blockingMatters = codec.version === '0.3' && name === 'SendMessage';
  return {
    name,
    version: codec.version,
    streams: stream === true,
    lasting: lasting === true,
    headers: isPrivate && PRIVATE,
    pageForm,
    refusal: needs && (({ options }) => (options[needs] ? undefined : pushNotificationNotSupported())),
    read: (params, refine) => {
      const sent = codec.decode(name, params);
      const decoded = refine === undefined ? sent : refine(sent);
      return { request: validateRequest(name, decoded), path: decoded.path };
    },
    run: (handler, request, context, options, v03Blocking) =>
      (handler[method] as Run)(
        blockingMatters && !v03Blocking ? unlessBlocking(request as SendMessageRequest) : request,
        context,
        options,
      ),
    encode: encoderOf(codec, response as ResponseMessage),
  };
}

function encoderOf(codec: JsonCodec, message: ResponseMessage): (result: unknown) => object | null {
  if (message === 'Task') return (result) => new TaskResponse(result as TaskDocument, codec);
  return codec.encode[message] as (result: unknown) => object | null;
}

/** v0.3 does not define a send without `blocking`; the setting decides. */
function unlessBlocking(request: SendMessageRequest): SendMessageRequest {
  const { configuration } = request;
  if (configuration?.returnImmediately !== undefined) return request;
  return { ...request, configuration: { ...configuration, returnImmediately: true } };
}
