import type { Metadata } from '@grpc/grpc-js';
import type { GrpcCall } from './grpc.options.js';
import type { Grpc } from './load-grpc.js';

/** The metadata key that names an agent; without it the default agent is meant. */
export const AGENT_KEY = 'x-a2a-agent';

/** Initial metadata of a stream: the number of the event that its first message is; each further message is the next one. */
export const EVENT_ID_KEY = 'a2a-event-id';

/** Metadata as headers: what the HTTP bindings read headers with reads it too. */
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
