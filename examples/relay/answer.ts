import type { ChatMessage } from './chat-messages.js';
import { readChatChunk } from './chat-chunk.js';
import { RelayError } from './relay.error.js';
import type { ResolvedRelayOptions } from './relay.options.js';
import { SseParser } from './sse.parser.js';
import { askUpstream } from './upstream.js';

/** Why the model stopped, as the API says it: `stop`, `length`, `content_filter` …; undefined when it does not say. */
export type FinishReason = string | undefined;

/**
 * The model's answer, piece by piece: what one piece from the network holds is one piece here. Returns why the model stopped.
 * @throws RelayError, also when the stream ends without `[DONE]`.
 */
export async function* answerOf(
  messages: readonly ChatMessage[],
  options: ResolvedRelayOptions,
  signal: AbortSignal,
): AsyncGenerator<string, FinishReason> {
  const reader = new AnswerReader();
  for await (const bytes of askUpstream(messages, options, signal)) {
    const text = reader.push(bytes);
    if (text !== '') yield text;
    if (reader.done) return reader.finishReason;
    if (reader.failure) throw reader.failure;
  }
  const text = reader.end();
  if (text !== '') yield text;
  if (reader.done) return reader.finishReason;
  throw (
    reader.failure ??
    new RelayError('UPSTREAM_INCOMPLETE', "The model's answer broke off: its stream ended without [DONE].")
  );
}

/** Keeps a failure until the text before it has been handed over. */
class AnswerReader {
  readonly #parser = new SseParser();
  finishReason: FinishReason;
  done = false;
  failure?: unknown;

  push(bytes: Uint8Array): string {
    return this.#read(() => this.#parser.push(bytes));
  }

  end(): string {
    return this.#read(() => this.#parser.end());
  }

  #read(events: () => readonly string[]): string {
    let text = '';
    try {
      for (const data of events()) {
        if (data.trim() === '[DONE]') {
          this.done = true;
          break;
        }
        const chunk = readChatChunk(data);
        text += chunk.text;
        this.finishReason = chunk.finishReason ?? this.finishReason;
      }
    } catch (error) {
      this.failure = error;
    }
    return text;
  }
}
