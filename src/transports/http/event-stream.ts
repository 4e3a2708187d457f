import type { ServerResponse } from 'node:http';
import type { ItemStream } from '../../request-handler/request-handler.interface.js';
import type { SseFramer } from './sse.framer.js';
import { SseWriter } from './sse.writer.js';
import type { StreamEncoding } from './stream-encoding.js';

export interface EventStreamOptions {
  readonly encoding: StreamEncoding;
  readonly framer: SseFramer;
  /** The last event of a stream that failed; it has no id. */
  readonly failure: (error: unknown) => Buffer[];
  readonly keepAliveMs: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends a stream of items as server-sent events, until it ends or its reader leaves. Never throws. */
export function sendEvents(
  response: ServerResponse,
  stream: ItemStream,
  { encoding, framer, failure, keepAliveMs, headers }: EventStreamOptions,
): Promise<void> {
  const writer = new SseWriter(response, { keepAliveMs, headers });
  return writer.pump(stream, (batch) => framer.frame(batch.map((item) => encoding.frame(item))), failure);
}
