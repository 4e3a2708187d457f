import type { ServerResponse } from 'node:http';
import type { ItemStream, StreamItem } from '../../request-handler/request-handler.interface.js';
import type { A2AError } from '../../protocol/errors/index.js';
import type { ClientCall } from '../http/client-call.js';
import { isOver, PRIVATE } from '../http/http-reply.js';
import type { SseFrame, SseFramer } from './sse.framer.js';
import { SseWriter } from './sse.writer.js';
import type { StreamEncoding } from './stream-encoding.js';

export interface EventStreamOptions {
  readonly encoding: StreamEncoding;
  readonly framer: SseFramer;
  /** Events of a task have their numbers as ids. */
  readonly numbered: boolean;
  /** The last event of a failed stream; it has no id. */
  readonly failure: (error: unknown) => Buffer[];
  readonly keepAliveMs: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** There is no capacity for the first event; nothing was sent. */
  readonly refuse: (error: A2AError) => void;
}

/**
 * Sends a stream of items as server-sent events, until it ends or its reader leaves. If the reader has everything and nothing will follow,
 * the answer is 204, at which an EventSource stops reconnecting. The stream ends when the caller's credentials expire or at the maximum age
 * of streams; the client then resumes it. Never throws.
 */
export function sendEvents(
  call: ClientCall,
  stream: ItemStream,
  { encoding, framer, numbered, failure, keepAliveMs, headers, refuse }: EventStreamOptions,
): Promise<void> {
  if (stream.empty) return sendNothing(call.response, stream, headers);
  const writer = new SseWriter(call, { framer, keepAliveMs, headers, refuse });
  const frame = (item: StreamItem): SseFrame => {
    const { seq, body } = encoding.frame(item);
    return numbered ? { seq, body } : { body };
  };
  return call.during(
    stream,
    writer.pump(stream, (batch) => batch.map(frame), failure),
  );
}

/** The answer to a reader that has everything: HTTP 204. */
export async function sendNothing(
  response: ServerResponse,
  stream: ItemStream,
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  await stream.return();
  if (!isOver(response)) response.writeHead(204, { ...PRIVATE, ...headers }).end();
}
