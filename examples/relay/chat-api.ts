import { createParser } from 'eventsource-parser';
import { unescape } from 'node:querystring';
import type { ChatMessage } from './chat-messages.js';
import type { RelayOptions } from './relay.options.js';

const MAX_EVENT_CHARACTERS = 1_048_576;

/** The message is for the client, `detail` for the log. */
export class RelayError extends Error {
  constructor(
    readonly reason: string,
    message: string,
    readonly detail = '',
  ) {
    super(message);
  }
}

/** The model's answer as it comes; returns why the model stopped. Leaving the iteration, or the signal, ends the request. */
export async function* answerOf(messages: ChatMessage[], options: RelayOptions, signal: AbortSignal) {
  const request = new AbortController();
  const events: string[] = [];
  const parser = createParser({
    maxBufferSize: MAX_EVENT_CHARACTERS,
    onEvent: ({ data }) => events.push(data),
    onError: ({ type, message }) => {
      if (type === 'max-buffer-size-exceeded') throw malformed(message);
    },
  });
  const { idleTimeoutMs = 120_000 } = options;
  const silent = new RelayError('UPSTREAM_TIMEOUT', `The model's API was silent for ${idleTimeoutMs / 1000} s.`);
  /** Only the time that the API takes counts, not that of the reader of its answer. */
  const inTime = async <T>(answer: Promise<T>): Promise<T> => {
    const timer = setTimeout(() => request.abort(silent), idleTimeoutMs);
    return answer.finally(() => clearTimeout(timer));
  };
  let finishReason: unknown;
  try {
    const response = await inTime(ask(messages, options, AbortSignal.any([signal, request.signal])));
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    if (!reader) throw response.ok ? malformed('no content') : refused(response, '');
    if (!response.ok)
      throw refused(
        response,
        await inTime(reader.read()).then(
          ({ value }) => value,
          () => undefined,
        ),
      );
    if (/json|html/.test(response.headers.get('content-type') ?? '')) throw malformed('no stream of events');
    for (;;) {
      const { done, value = '\n\n' } = await inTime(reader.read());
      parser.feed(value);
      for (const data of events.splice(0)) {
        if (data.trim() === '[DONE]') return finishReason;
        const { text, reason } = readChunk(data);
        finishReason = reason ?? finishReason;
        if (text !== '') yield text;
      }
      if (done) throw new RelayError('UPSTREAM_INCOMPLETE', "The model's answer broke off: no [DONE] at its end.");
    }
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof RelayError) throw error;
    if (request.signal.aborted) throw request.signal.reason;
    const { cause = error } = error as { cause?: unknown };
    throw new RelayError(
      'UPSTREAM_UNREACHABLE',
      "The model's API could not be reached, or it broke the connection.",
      String(cause),
    );
  } finally {
    request.abort();
  }
}

function ask(
  messages: ChatMessage[],
  { baseUrl, model, apiKey }: RelayOptions,
  signal: AbortSignal,
): Promise<Response> {
  const url = new URL(`${baseUrl.replace(/\/+$/, '')}/chat/completions`);
  const basic = Buffer.from([url.username, url.password].map(unescape).join(':')).toString('base64');
  const authorization = apiKey ? `Bearer ${apiKey}` : url.username || url.password ? `Basic ${basic}` : undefined;
  url.username = url.password = '';
  const headers = {
    'content-type': 'application/json',
    accept: 'text/event-stream',
    ...(authorization && { authorization }),
  };
  // A redirect would take the conversation to a place that nobody configured.
  return fetch(url, {
    method: 'POST',
    signal,
    redirect: 'manual',
    headers,
    body: JSON.stringify({ model, messages, stream: true }),
  });
}

function readChunk(data: string): { text: string; reason?: unknown } {
  let chunk: { error?: unknown; choices?: { delta?: { content?: unknown }; finish_reason?: unknown }[] };
  try {
    chunk = JSON.parse(data);
  } catch {
    throw malformed(data);
  }
  if (chunk?.error)
    throw new RelayError('UPSTREAM_FAILED', "The model's API failed in the middle of its answer.", data);
  if (!Array.isArray(chunk?.choices)) throw malformed(data);
  const { delta, finish_reason: reason } = chunk.choices[0] ?? {};
  const text = delta?.content ?? '';
  if (typeof text !== 'string') throw malformed(data);
  return { text, reason };
}

const malformed = (detail: string): RelayError =>
  new RelayError('UPSTREAM_MALFORMED', "The model's API sent something that is no chunk of a chat completion.", detail);

function refused({ status, headers }: Response, detail: string | undefined): RelayError {
  // Without what it said: some APIs repeat parts of the key in it.
  if (status === 401 || status === 403)
    return new RelayError('UPSTREAM_AUTH', `The model's API refused the relay's credentials (HTTP ${status}).`);
  const seconds = /^\d{1,5}$/.exec(headers.get('retry-after') ?? '')?.[0];
  const [reason, says] =
    status >= 500
      ? ['UPSTREAM_FAILED', `failed (HTTP ${status}). Try again later.`]
      : status === 429
        ? ['UPSTREAM_RATE_LIMITED', `is busy (HTTP 429). Try again ${seconds ? `in ${seconds} s` : 'later'}.`]
        : ['UPSTREAM_REFUSED', `refused the request (HTTP ${status}).`];
  return new RelayError(reason, `The model's API ${says}`, detail);
}
