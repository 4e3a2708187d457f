import type { MethodDefinition } from '@grpc/grpc-js';
import type { MessageType } from '../../protocol/protobuf/index.js';
import type { Operation } from '../operation.js';

/** One call of a service: its operation, and its request and response messages. */
export interface GrpcMethod {
  readonly operation: Operation;
  readonly request: MessageType;
  readonly response: MessageType;
}

export interface GrpcService {
  /** As in the paths of its calls. */
  readonly name: string;
  readonly methods: Readonly<Record<string, GrpcMethod>>;
}

const asIs = (bytes: Buffer): Buffer => bytes;

/** The definition for the library. Messages pass it as bytes: events are encoded once, for all readers. */
export function definitionOf({ name, methods }: GrpcService): Record<string, MethodDefinition<Buffer, Buffer>> {
  const entries = Object.entries(methods).map(([call, { operation }]) => [
    call,
    {
      path: `/${name}/${call}`,
      requestStream: false,
      responseStream: operation.streams,
      requestSerialize: asIs,
      requestDeserialize: asIs,
      responseSerialize: asIs,
      responseDeserialize: asIs,
    },
  ]);
  return Object.fromEntries(entries) as Record<string, MethodDefinition<Buffer, Buffer>>;
}
