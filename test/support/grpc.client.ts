import * as grpc from '@grpc/grpc-js';
import { A2AService } from '@a2a-js/sdk/server/grpc';
import { LegacyA2AService } from '@a2a-js/sdk/compat/v0_3/server/grpc';
import type { AgentCard } from '../../src/protocol/model/index.js';
import type { TestApp } from './test-app.js';

/** The definitions of the official SDK; its types have no names here. */
export const SERVICES: Readonly<Record<'1.0' | '0.3', Readonly<Record<string, unknown>>>> = {
  '1.0': A2AService,
  '0.3': LegacyA2AService,
};

type Method = grpc.MethodDefinition<unknown, unknown>;

export interface GrpcAnswer {
  readonly message?: unknown;
  readonly error?: grpc.ServiceError;
  /** Initial metadata. */
  readonly headers: grpc.Metadata;
  /** Trailing metadata. */
  readonly trailers: grpc.Metadata;
}

/** Calls a service as any client made from its definition would, and shows all that came back. */
export class GrpcClient {
  readonly #client: grpc.Client;

  constructor(address: string, credentials = grpc.credentials.createInsecure(), options: grpc.ClientOptions = {}) {
    this.#client = new grpc.Client(address, credentials, {
      'grpc.max_receive_message_length': -1,
      'grpc.enable_retries': 0,
      ...options,
    });
  }

  unary(
    definition: unknown,
    request: unknown,
    metadata: Record<string, string> = V10,
    options: grpc.CallOptions = {},
  ): Promise<GrpcAnswer> {
    const { path, requestSerialize, responseDeserialize } = definition as Method;
    return new Promise((resolve) => {
      let headers = new grpc.Metadata();
      let answer: Pick<GrpcAnswer, 'message' | 'error'>;
      this.#client
        .makeUnaryRequest(
          path,
          requestSerialize,
          responseDeserialize,
          request,
          metadataOf(metadata),
          options,
          (error, message) => {
            answer = error ? { error } : { message };
          },
        )
        .on('metadata', (given: grpc.Metadata) => (headers = given))
        .on('status', ({ metadata: trailers }: grpc.StatusObject) => resolve({ ...answer, headers, trailers }));
    });
  }

  stream(
    definition: unknown,
    request: unknown,
    metadata: Record<string, string> = V10,
    options: grpc.CallOptions = {},
  ): grpc.ClientReadableStream<unknown> {
    const { path, requestSerialize, responseDeserialize } = definition as Method;
    const given = metadataOf(metadata);
    const stream = this.#client.makeServerStreamRequest(
      path,
      requestSerialize,
      responseDeserialize,
      request,
      given,
      options,
    );
    // It may have ended before somebody asks.
    ends.set(stream, new Promise((resolve) => stream.once('status', resolve)));
    // How it ended is in its status.
    return stream.on('error', () => undefined);
  }

  close(): void {
    this.#client.close();
  }
}

const ends = new WeakMap<object, Promise<grpc.StatusObject>>();

/** How a stream ends. */
export const statusOf = (stream: grpc.ClientReadableStream<unknown>): Promise<grpc.StatusObject> => {
  const status = ends.get(stream);
  if (status === undefined) throw new Error('not a stream of a GrpcClient');
  return status;
};

export const V10 = { 'a2a-version': '1.0' };

export function metadataOf(entries: Record<string, string>): grpc.Metadata {
  const metadata = new grpc.Metadata();
  for (const [name, value] of Object.entries(entries)) metadata.set(name, value);
  return metadata;
}

/** The next message of a stream, which is read no further. */
export function nextOf<T>(stream: grpc.ClientReadableStream<unknown>): Promise<T> {
  return new Promise((resolve) => {
    stream.once('data', (message: T) => {
      stream.pause();
      resolve(message);
    });
    stream.resume();
  });
}

/** All messages of a stream that are left, and how it ended. */
export async function readAll<T>(
  stream: grpc.ClientReadableStream<unknown>,
): Promise<{ messages: T[]; status: grpc.StatusObject }> {
  const messages: T[] = [];
  const ended = new Promise<void>((resolve) => {
    if (stream.readableEnded) return resolve();
    stream
      .on('data', (message: T) => messages.push(message))
      .once('end', resolve)
      .resume();
  });
  const [status] = await Promise.all([statusOf(stream), ended]);
  return { messages, status };
}

/** Where the default agent's card says that gRPC is. */
export async function grpcAddress({ origin }: Pick<TestApp, 'origin'>): Promise<string> {
  const response = await fetch(`${origin}/.well-known/agent-card.json`, { headers: { 'A2A-Version': '1.0' } });
  const { supportedInterfaces } = (await response.json()) as AgentCard;
  const found = supportedInterfaces.find(({ protocolBinding }) => protocolBinding === 'GRPC');
  if (found === undefined) throw new Error('the card has no gRPC interface');
  return found.url;
}
