import type { Metadata, ServerUnaryCall, ServerWritableStream } from '@grpc/grpc-js';
import type { GrpcCall } from './grpc.options.js';
import type { Grpc } from './load-grpc.js';
import type { AgentRegistry, RegisteredAgent } from '../../agents/agent-registry.interface.js';
import { CLIENT_LEFT } from '../operation.runner.js';

/** The metadata key that names an agent; without it, the default agent is called. */
export const AGENT_KEY = 'x-a2a-agent';

/** Initial metadata of a stream: the seq of the event in its first message. Each further message is the next event. */
export const EVENT_ID_KEY = 'a2a-event-id';

/** Metadata as headers, for the code that reads headers in the HTTP bindings. */
export function headersOf(metadata: Metadata): GrpcCall['headers'] {
  const headers = Object.create(null) as Record<string, string>;
  for (const key of Object.keys(metadata.getMap())) {
    if (!key.endsWith('-bin')) headers[key] = metadata.get(key).join(',');
  }
  return headers;
}

export function metadataOf(grpc: Grpc, headers: Readonly<Record<string, string>>): Metadata {
  const metadata = new grpc.Metadata();
  for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
  return metadata;
}

/** The id of the agent that a call names, else of the default agent; '' if there is none. */
export const calledAgentId = (agents: AgentRegistry, headers: GrpcCall['headers']): string =>
  headers[AGENT_KEY] || (agents.default?.id ?? '');

/** The called agent, if it exists. */
export const calledAgent = (agents: AgentRegistry, headers: GrpcCall['headers']): RegisteredAgent | undefined =>
  headers[AGENT_KEY] ? agents.get(headers[AGENT_KEY]) : agents.default;

/** A call with one response or a stream of them. Requests and responses are raw bytes. */
export type AnyCall = ServerUnaryCall<Buffer, Buffer> | ServerWritableStream<Buffer, Buffer>;

/** Aborts when the client cancels, its connection breaks or its deadline expires; also when the call has ended. */
export function callSignal(call: AnyCall): AbortSignal {
  const controller = new AbortController();
  const over = (): void => controller.abort(CLIENT_LEFT);
  if (call.cancelled) over();
  else call.once('cancelled', over);
  return controller.signal;
}
