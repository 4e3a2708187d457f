import { belowRoot } from '../api/addresses.js';
import { ApiError, apiErrorOf } from '../api/api-error.js';
import { authorization } from '../api/credentials.js';
import { readEvents } from '../live/read-events.js';
import type { Message, StreamResponse, Task } from './parts.js';

export const RESUME_EXTENSION = 'urn:nest-a2a:extension:resume:v1';

/** A frame of a stream: the number of its event, where it has one, and what it carries. */
export interface Frame {
  readonly seq: number | undefined;
  readonly event: StreamResponse;
}

interface Envelope<Result> {
  readonly result?: Result;
  readonly error?: { readonly code: number; readonly message: string };
}

let calls = 0;

export const messageRequest = (message: Message, acceptedOutputModes: readonly string[]) => ({
  message,
  ...(acceptedOutputModes.length > 0 ? { configuration: { acceptedOutputModes } } : {}),
});

async function post(
  path: string,
  method: string,
  params: object,
  options: { readonly signal?: AbortSignal; readonly lastEventId?: number | undefined; readonly accept: string },
): Promise<Response> {
  const response = await fetch(belowRoot(path), {
    method: 'POST',
    cache: 'no-store',
    credentials: 'same-origin',
    headers: {
      'content-type': 'application/json',
      accept: options.accept,
      'a2a-version': '1.0',
      'a2a-extensions': RESUME_EXTENSION,
      ...authorization(),
      ...(options.lastEventId === undefined ? {} : { 'last-event-id': String(options.lastEventId) }),
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: ++calls, method, params }),
    ...(options.signal ? { signal: options.signal } : {}),
  });
  if (!response.ok) throw await apiErrorOf(response);
  return response;
}

function resultOf<Result>(envelope: Envelope<Result>): Result {
  if (envelope.error) throw new ApiError(400, `${envelope.error.message} (${envelope.error.code})`);
  return envelope.result as Result;
}

export async function call<Result>(path: string, method: string, params: object): Promise<Result> {
  const response = await post(path, method, params, { accept: 'application/json' });
  return resultOf((await response.json()) as Envelope<Result>);
}

export const cancelTask = (path: string, id: string): Promise<Task> => call(path, 'CancelTask', { id });

/** The frames of a streaming method, as they arrive. Nothing, for a task that has ended at `lastEventId`. */
export async function* stream(
  path: string,
  method: 'SendStreamingMessage' | 'SubscribeToTask',
  params: object,
  signal: AbortSignal,
  lastEventId?: number,
): AsyncGenerator<Frame, void> {
  const response = await post(path, method, params, {
    signal,
    lastEventId,
    accept: 'text/event-stream, application/json',
  });
  if (response.status === 204) return;
  if (!response.headers.get('content-type')?.startsWith('text/event-stream')) {
    yield { seq: undefined, event: resultOf((await response.json()) as Envelope<StreamResponse>) };
    return;
  }
  for await (const { id, data } of readEvents(response)) {
    const event = resultOf(JSON.parse(data) as Envelope<StreamResponse>);
    yield { seq: id ? Number(id) : undefined, event };
  }
}
