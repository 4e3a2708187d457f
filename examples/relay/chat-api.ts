import { EventSourceParserStream, ParseError } from 'eventsource-parser/stream';
import { unescape } from 'node:querystring';
import type { RelayOptions } from './relay.options.js';

/** `name` and `message` are for the client, `cause` for the log. */
export class RelayError extends Error {
  static of(name: string, says: string, cause: unknown = ''): RelayError {
    return Object.assign(new RelayError(`The model's API ${says}`, { cause }), { name });
  }
}

const malformed = (cause: unknown): RelayError =>
  RelayError.of('UPSTREAM_MALFORMED', 'sent something that is no chunk of a chat completion.', cause);

/** The model's answer piece by piece, and why it stopped. Leaving the iteration, or the signal, ends the request. */
export async function* answerOf(messages: object[], options: RelayOptions, signal: AbortSignal) {
  const { idleTimeoutMs = 120_000 } = options;
  const request = new AbortController();
  const silent = RelayError.of('UPSTREAM_TIMEOUT', `was silent for ${idleTimeoutMs / 1000} s.`);
  /** Only the time that the API takes counts, not that of the reader of its answer. */
  let isAwaited = true;
  const timer = setInterval(() => isAwaited && request.abort(silent), idleTimeoutMs);
  const heard = new TransformStream<string, string>({
    transform: (text, out) => {
      timer.refresh();
      out.enqueue(text);
    },
    // The last event may lack its blank line.
    flush: (out) => out.enqueue('\n\n'),
  });
  try {
    const response = await ask(messages, options, AbortSignal.any([signal, request.signal]));
    const body = (response.body ?? new Blob([]).stream()).pipeThrough(new TextDecoderStream()).pipeThrough(heard);
    if (!response.ok) throw refused(response, (await body.getReader().read()).value);
    if (/json|html/.test(response.headers.get('content-type') ?? '')) throw malformed('no stream of events');
    for await (const { data } of body.pipeThrough(new EventSourceParserStream({ maxBufferSize: 1_048_576 }))) {
      if (data.trim() === '[DONE]') return;
      isAwaited = false;
      yield pieceIn(data);
      isAwaited = true;
      timer.refresh();
    }
    throw RelayError.of('UPSTREAM_INCOMPLETE', 'broke off its answer: no [DONE] at its end.');
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof RelayError) throw error;
    if (error instanceof ParseError || error instanceof SyntaxError) throw malformed(error);
    const { cause = error } = error as Error;
    throw RelayError.of('UPSTREAM_UNREACHABLE', 'could not be reached, or it broke the connection.', cause);
  } finally {
    clearInterval(timer);
    request.abort();
  }
}

function ask(messages: object[], { baseUrl, model, apiKey }: RelayOptions, signal: AbortSignal): Promise<Response> {
  const url = new URL(`${baseUrl.replace(/\/+$/, '')}/chat/completions`);
  const basic = Buffer.from(`${unescape(url.username)}:${unescape(url.password)}`).toString('base64');
  const headers = new Headers({ 'content-type': 'application/json', accept: 'text/event-stream' });
  if (apiKey || url.username || url.password)
    headers.set('authorization', apiKey ? `Bearer ${apiKey}` : `Basic ${basic}`);
  url.username = url.password = '';
  const body = JSON.stringify({ model, messages, stream: true });
  // A redirect would take the conversation to a place that nobody configured.
  return fetch(url, { method: 'POST', signal, redirect: 'manual', headers, body });
}

function pieceIn(data: string): { text: string; stopped?: unknown } {
  const { error, choices } = Object(JSON.parse(data));
  if (error) throw RelayError.of('UPSTREAM_FAILED', 'failed in the middle of its answer.', data);
  const { delta, finish_reason: stopped } = choices?.[0] ?? {};
  const text: unknown = delta?.content ?? '';
  if (!Array.isArray(choices) || typeof text !== 'string') throw malformed(data);
  return { text, stopped };
}

function refused({ status, headers }: Response, said: string | undefined): RelayError {
  const seconds = /^\d{1,5}$/.exec(headers.get('retry-after') ?? '');
  const [name, says, then = ''] =
    status === 401 || status === 403
      ? ['UPSTREAM_AUTH', "refused the relay's credentials"]
      : status === 429
        ? ['UPSTREAM_RATE_LIMITED', 'is busy', ` Try again ${seconds ? `in ${seconds[0]} s` : 'later'}.`]
        : status >= 500
          ? ['UPSTREAM_FAILED', 'failed', ' Try again later.']
          : ['UPSTREAM_REFUSED', 'refused the request'];
  // Without what it said of credentials: some APIs repeat parts of the key in it.
  return RelayError.of(name, `${says} (HTTP ${status}).${then}`, name === 'UPSTREAM_AUTH' ? '' : said);
}
