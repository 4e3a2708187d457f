import type { ChatMessage } from './chat-messages.js';
import { endpointOf } from './endpoint.js';
import { linkedAbort } from './linked-abort.js';
import { RelayError } from './relay.error.js';
import type { ResolvedRelayOptions } from './relay.options.js';
import { errorOfStatus } from './upstream-errors.js';

/**
 * Asks the API for a streamed answer and gives its bytes as they come. The request ends with the iteration, and with the
 * signal. The idle limit runs only while the API is waited for, not while the consumer is busy.
 * @throws RelayError for what the API does wrong; the signal's reason when it is aborted.
 */
export async function* askUpstream(
  messages: readonly ChatMessage[],
  options: ResolvedRelayOptions,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const { controller: request, unlink } = linkedAbort(signal);
  const within = <T>(waiting: Promise<T>): Promise<T> => limited(waiting, options.idleTimeoutMs, request);
  try {
    const response = await within(post(messages, options, request.signal));
    if (!response.ok) throw await errorOfStatus(response, within);
    const reader = streamOf(response).getReader();
    for (let next = await within(reader.read()); !next.done; next = await within(reader.read())) yield next.value;
  } catch (error) {
    if (request.signal.aborted) throw request.signal.reason;
    if (error instanceof RelayError) throw error;
    throw new RelayError(
      'UPSTREAM_UNREACHABLE',
      "The model's API could not be reached, or broke the connection.",
      causeOf(error),
    );
  } finally {
    unlink();
    request.abort();
  }
}

function post(messages: readonly ChatMessage[], options: ResolvedRelayOptions, signal: AbortSignal): Promise<Response> {
  const { address, authorization } = endpointOf(options);
  return fetch(address, {
    method: 'POST',
    signal,
    // A redirect would take the conversation to a place that nobody configured.
    redirect: 'manual',
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      ...(authorization !== undefined && { authorization }),
    },
    body: JSON.stringify({ model: options.model, messages, stream: true }),
  });
}

function streamOf({ body, headers }: Response): ReadableStream<Uint8Array> {
  const type = headers.get('content-type') ?? '';
  if (body && !/^(?:application\/json|text\/html)\b/i.test(type)) return body;
  throw new RelayError('UPSTREAM_MALFORMED', "The model's API did not stream its answer.", `content-type: ${type}`);
}

async function limited<T>(waiting: Promise<T>, ms: number, request: AbortController): Promise<T> {
  const silent = new RelayError('UPSTREAM_TIMEOUT', `The model's API was silent for ${ms / 1000} s.`);
  const timer = setTimeout(() => request.abort(silent), ms);
  try {
    return await waiting;
  } finally {
    clearTimeout(timer);
  }
}

/** Such as ECONNREFUSED. */
function causeOf(error: unknown): string {
  const { cause, name } = error as { cause?: { code?: unknown; message?: unknown }; name?: unknown };
  return String(cause?.code ?? cause?.message ?? name);
}
