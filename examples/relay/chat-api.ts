import { EventSourceParserStream } from 'eventsource-parser/stream';
import type { RelayOptions } from './relay.options.js';

/** `name` and `message` are for clients, `cause` is for the log. */
export class ChatApiError extends Error {
  constructor(reason: string, says: string, cause: unknown) {
    super(`The model's API ${says}`, { cause });
    this.name = `UPSTREAM_${reason}`;
  }
}

/** Yields the model's answer piece by piece, and returns why it ended. Leaving the iteration ends the request. */
export async function* answerOf(messages: object[], { baseUrl, model, apiKey }: RelayOptions, signal: AbortSignal) {
  let ending = 'stop';
  try {
    const response = await fetch(`${baseUrl.replace(/\/+$/, '')}/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(apiKey && { authorization: `Bearer ${apiKey}` }) },
      body: JSON.stringify({ model, messages, stream: true }),
      // A redirect would take the conversation to a place that nobody configured.
      redirect: 'manual',
      signal,
    });
    const body = (response.body ?? new Blob([]).stream()).pipeThrough(new TextDecoderStream());
    if (!response.ok) throw await refusal(response.status, body);
    for await (const { data } of body.pipeThrough(new EventSourceParserStream({ maxBufferSize: 1_048_576 }))) {
      if (data === '[DONE]') return ending;
      const { error, choices } = JSON.parse(data);
      if (error) throw new ChatApiError('FAILED', 'failed in the middle of its answer.', data);
      const text: unknown = choices[0]?.delta?.content ?? '';
      if (typeof text !== 'string') throw new Error(data);
      yield text;
      ending = String(choices[0]?.finish_reason ?? ending);
    }
    throw new Error('It sent no [DONE].');
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ChatApiError) throw error;
    // Only errors of the connection have a cause.
    const { cause } = error as Error;
    if (cause) throw new ChatApiError('UNREACHABLE', 'could not be reached, or it broke the connection.', cause);
    throw new ChatApiError('MALFORMED', 'sent something that is no whole chat completion.', error);
  }
}

/** With the start of what the API says, but not about credentials: some APIs repeat parts of the key. */
async function refusal(status: number, body: AsyncIterable<string>): Promise<ChatApiError> {
  const because = (said: string) => new ChatApiError(`HTTP_${status}`, `answered with HTTP ${status}.`, said);
  for await (const said of body) return because(status === 401 || status === 403 ? '' : said);
  return because('');
}
