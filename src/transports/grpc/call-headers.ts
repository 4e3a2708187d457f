import type { Metadata } from '@grpc/grpc-js';
import type { GrpcCall } from './grpc.options.js';

/** Metadata as headers: what the HTTP bindings read headers with reads it too. */
export function headersOf(metadata: Metadata): GrpcCall['headers'] {
  const headers: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const key of Object.keys(metadata.getMap())) {
    if (!key.endsWith('-bin')) headers[key] = metadata.get(key).join(',');
  }
  return headers;
}
