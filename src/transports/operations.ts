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
import type { OperationOptions, RequestHandler } from '../request-handler/request-handler.interface.js';
import type { CallContext } from '../security/call-context.js';
import type { PageForm } from '../tasks/list-page.js';
import type { TaskDocument } from '../tasks/task-document.js';
import { PRIVATE } from './http/http-reply.js';
import { type Operation, inNamesOfSender, validator, type ValidRequest } from './operation.js';
import { TaskResponse } from './task-response.js';

/**
 * All protocol operations in one JSON form: JSON-RPC maps methods to them, HTTP+JSON maps paths. `pageForm`: the form in which list pages
 * are sent, if not JSON.
 */
export const operationsOf = (codec: JsonCodec, pageForm?: PageForm): Readonly<Record<OperationName, Operation>> =>
  mapOperations((name, description) => operationOf(codec, name, description, pageForm));

function operationOf(
  codec: JsonCodec,
  name: OperationName,
  { response, stream, lasting, needs, private: isPrivate }: OperationDescription,
  pageForm: PageForm | undefined,
): Operation {
  const run = inNamesOfSender((handler, request, { context, v03Blocking, ...options }) =>
    handlerOf(handler, name)(asked(codec, name, request, v03Blocking), context, { ...options, pageForm }),
  );
  const encode = encoderOf(codec, response as ResponseMessage);
  return {
    version: codec.version,
    lasting: lasting === true,
    headers: isPrivate && PRIVATE,
    refusal: needs && (({ options }) => (options[needs] ? undefined : pushNotificationNotSupported())),
    validate: validator(codec, name),
    ...(stream
      ? { open: run as NonNullable<Operation['open']> }
      : { answer: async (...given) => encode(await run(...given)) }),
  };
}

type Run = (request: ValidRequest, context: CallContext, options: OperationOptions) => Promise<unknown>;

const handlerOf = (handler: RequestHandler, name: OperationName): Run => handler[methodOf(name)] as Run;

function encoderOf(codec: JsonCodec, message: ResponseMessage): (result: unknown) => object | null {
  if (message === 'Task') return (result) => new TaskResponse(result as TaskDocument, codec);
  return codec.encode[message] as (result: unknown) => object | null;
}

/** v0.3 does not define a send without `blocking`; the setting decides. */
function asked({ version }: JsonCodec, name: OperationName, request: ValidRequest, blocking: boolean): ValidRequest {
  if (version !== '0.3' || name !== 'SendMessage' || blocking) return request;
  const { configuration } = request as SendMessageRequest;
  if (configuration?.returnImmediately !== undefined) return request;
  return { ...request, configuration: { ...configuration, returnImmediately: true } };
}
