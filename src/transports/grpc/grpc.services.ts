import { type OperationDescription, type OperationName, OPERATIONS } from '../../protocol/operations.js';
import { type MessageType, V03, V10 } from '../../protocol/protobuf/index.js';
import { v03ProtoCodec } from '../../protocol/v0-3-proto/index.js';
import { v10Codec } from '../../protocol/v1-0/index.js';
import type { Operation } from '../operation.js';
import { operationsOf } from '../operations.js';
import type { GrpcMethod, GrpcService } from './service.definition.js';
import type { PageForm } from '../../tasks/list-page.js';

/** Default limit of a message in gRPC clients: 4 MiB. */
const TAKEN_BYTES = 4 * 1024 * 1024;
/** Size of the rest of a page: the token of the next one, and numbers. */
const AROUND_BYTES = 16 * 1024;
/** A message with the same tag and length around a task or message as a page and a task have. */
const { SendMessageResponse: Within } = V10;

/**
 * Pages that clients with default limits accept. Their size in JSON does not tell: a number in a `data` part or in metadata takes
 * two bytes there, and eleven in protobuf.
 */
const GRPC_PAGES: PageForm = {
  maxBytes: TAKEN_BYTES - AROUND_BYTES,
  task: (task) => Within.encode(v10Codec.encode.SendMessageResponse({ task })).length,
  message: (message) => Within.encode(v10Codec.encode.SendMessageResponse({ message })).length,
};

function serviceOf(
  name: string,
  operations: Readonly<Record<OperationName, Operation>>,
  messages: Readonly<Record<string, MessageType>>,
  callOf: (name: OperationName, description: OperationDescription) => string | undefined,
): GrpcService {
  const methods: Record<string, GrpcMethod> = {};
  for (const [operation, description] of Object.entries(OPERATIONS) as [OperationName, OperationDescription][]) {
    const call = callOf(operation, description);
    if (call === undefined) continue;
    const { [description.request]: request, [description.response]: response } = messages;
    methods[call] = { operation: operations[operation], request: request!, response: response! };
  }
  return { name, methods };
}

/** The service of v1.0: its calls are named as the operations are. Spec 10.3. */
export const V10_SERVICE = serviceOf('lf.a2a.v1.A2AService', operationsOf(v10Codec, GRPC_PAGES), V10, (name) => name);

/** The service of v0.3, by the names of its proto. Its messages are in ProtoJSON what HTTP+JSON of v0.3 sends. */
export const V03_SERVICE = serviceOf(
  'a2a.v1.A2AService',
  operationsOf(v03ProtoCodec),
  V03,
  (_name, { v03 }) => v03.grpc,
);

export const SERVICES: readonly GrpcService[] = [V10_SERVICE, V03_SERVICE];
