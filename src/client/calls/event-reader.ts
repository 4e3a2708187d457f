import type { StreamResponse } from '../../protocol/model/index.js';
import type { HttpAnswer } from '../http/http-answer.js';
import { SseParser } from '../sse/sse.parser.js';

/** An event of a stream, and its id if it has one. */
export interface ReceivedEvent {
  readonly event: StreamResponse;
  readonly id?: string;
}

export interface EventReaderOptions {
  readonly maxCharacters: number;
  /** Limit of the wait for bytes, in ms. Time in which the consumer is busy does not count. */
  readonly idleMs: () => number;
  readonly onComment: () => void;
  readonly onRetry?: (ms: number) => void;
  /** Parses an event's data, or throws. */
  readonly read: (type: string, data: string) => StreamResponse;
}

/**
 * The events of an answer, as they come. Ends with the answer; throws what reading and parsing throw. Stopping early closes the answer.
 */
export async function* readEvents(
  answer: HttpAnswer,
  options: EventReaderOptions,
): AsyncGenerator<ReceivedEvent, void, void> {
  const parser = new SseParser(options.maxCharacters);
  for await (const bytes of answer.chunks(options.idleMs)) {
    const { retryMs, comments } = parser;
    const events = parser.push(bytes);
    if (parser.comments > comments) options.onComment();
    if (parser.retryMs !== undefined && parser.retryMs !== retryMs) options.onRetry?.(parser.retryMs);
    for (const { type, data, id } of events) {
      yield { event: options.read(type, data), ...(id !== undefined && { id }) };
    }
  }
}
