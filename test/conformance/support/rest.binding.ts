import type { ErrorReason } from '../../../src/protocol/errors/index.js';
import type { StreamResponse } from '../../../src/protocol/model/index.js';
import { SseStream } from '../../support/sse.client.js';
import type {
  Answer,
  Binding,
  CallHeaders,
  Connection,
  Failure,
  OpenStream,
  Operation,
  StreamEvent,
  StreamOperation,
  UnaryOperation,
} from './binding.js';
import { failureOfCode, fieldsOf } from './failure.js';
import { fromV03Proto, toV03Proto } from './v0-3-proto.form.js';

type Json = Record<string, unknown>;

/** A call: `body` undefined sends none, and what is left of the request goes into the query. */
interface HttpCall {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly body?: object;
}

/** How a version says things over HTTP+JSON. */
interface VersionAdapter {
  readonly version: '1.0' | '0.3';
  readonly type: string;
  readonly headers: CallHeaders;
  call(operation: Operation, request: object): HttpCall;
  result(operation: Operation, body: unknown): unknown;
  event(body: unknown): Omit<StreamEvent, 'raw'>;
  failure(body: unknown): Failure;
}

const segment = (value: unknown): string => encodeURIComponent(String(value));

function withQuery(path: string, fields: Json): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) query.set(name, String(value));
  return query.size > 0 ? `${path}?${query.toString()}` : path;
}

/** The addresses of both versions are the same but for their beginning. */
function address(operation: Operation, request: object): HttpCall {
  const { id, taskId, ...rest } = request as Json;
  const task = `/tasks/${segment(id)}`;
  const configs = `/tasks/${segment(taskId)}/pushNotificationConfigs`;
  switch (operation) {
    case 'SendMessage':
      return { method: 'POST', path: '/message:send', body: request };
    case 'SendStreamingMessage':
      return { method: 'POST', path: '/message:stream', body: request };
    case 'GetTask':
      return { method: 'GET', path: withQuery(task, rest) };
    case 'ListTasks':
      return { method: 'GET', path: withQuery('/tasks', rest) };
    case 'CancelTask':
      return { method: 'POST', path: `${task}:cancel`, body: rest };
    case 'SubscribeToTask':
      return { method: 'POST', path: `${task}:subscribe`, body: rest };
    case 'CreateTaskPushNotificationConfig':
      return { method: 'POST', path: configs, body: { ...rest, ...(id !== undefined && { id }) } };
    case 'GetTaskPushNotificationConfig':
      return { method: 'GET', path: withQuery(`${configs}/${segment(id)}`, rest) };
    case 'ListTaskPushNotificationConfigs':
      return { method: 'GET', path: withQuery(configs, rest) };
    case 'DeleteTaskPushNotificationConfig':
      return { method: 'DELETE', path: withQuery(`${configs}/${segment(id)}`, rest) };
    case 'GetExtendedAgentCard':
      return { method: 'GET', path: withQuery('/extendedAgentCard', rest) };
  }
}

interface ErrorInfo {
  readonly '@type': string;
  readonly reason?: ErrorReason;
}

const V10: VersionAdapter = {
  version: '1.0',
  type: 'application/a2a+json',
  headers: { 'A2A-Version': '1.0' },
  call: address,
  result: (_, body) => body,
  event: (body) => ({ response: body as StreamResponse }),
  failure(body) {
    const { error } = body as { error: { message: string; details: ErrorInfo[] } };
    const reason = error.details.find((detail) => detail['@type'].endsWith('google.rpc.ErrorInfo'))?.reason;
    if (reason === undefined) throw new Error(`An error without ErrorInfo: ${JSON.stringify(body)}`);
    return { reason, message: error.message, fields: fieldsOf(error.details) };
  },
};

type V03Error = Parameters<typeof failureOfCode>[0];

/** What the proto names by a resource is in the path; what is left of its message is the body. */
function v03Call(operation: Operation, request: object): HttpCall {
  if (operation === 'GetExtendedAgentCard') return { method: 'GET', path: '/v1/card' };
  const { method, path, body } = address(operation, request);
  const { name: _, parent: __, ...rest } = toV03Proto(operation, request);
  return { method, path: `/v1${path}`, ...(body && { body: rest }) };
}

const V03: VersionAdapter = {
  version: '0.3',
  type: 'application/json',
  headers: {},
  call: v03Call,
  result: (operation, body) => fromV03Proto.answer(operation, body),
  event: (body) => fromV03Proto.event(body),
  // A request for a version that nobody knows is answered in the form of the newest.
  failure: (body) => ('error' in (body as Json) ? V10.failure(body) : failureOfCode(body as V03Error)),
};

class RestConnection implements Connection {
  constructor(
    private readonly origin: string,
    private readonly dialect: VersionAdapter,
    private readonly headers: CallHeaders,
  ) {}

  async call(operation: UnaryOperation, request: object, headers: CallHeaders = {}): Promise<Answer<unknown>> {
    const { method, path, body } = this.dialect.call(operation, request);
    const response = await fetch(this.origin + path, {
      method,
      headers: this.#headers(headers),
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const raw = (text === '' ? {} : JSON.parse(text)) as unknown;
    const answer = { raw, headers: Object.fromEntries(response.headers) };
    if (!response.ok) return { ...answer, error: this.dialect.failure(raw) };
    return { ...answer, result: this.dialect.result(operation, raw) };
  }

  async open(operation: StreamOperation, request: object, headers: CallHeaders = {}): Promise<OpenStream | Failure> {
    const { path, body = {} } = this.dialect.call(operation, request);
    const stream = await SseStream.post(this.origin + path, body, this.#headers(headers));
    if (stream.status !== 200) return this.dialect.failure(await bodyOf(stream));
    const said = Object.entries(stream.response.headers).map(([name, value]) => [name, String(value)]);
    return {
      headers: Object.fromEntries(said) as Record<string, string>,
      close: () => stream.close(),
      [Symbol.asyncIterator]: () => this.#events(stream),
    };
  }

  close(): void {}

  #headers(headers: CallHeaders): Record<string, string> {
    return { 'content-type': this.dialect.type, ...this.dialect.headers, ...this.headers, ...headers };
  }

  async *#events(stream: SseStream): AsyncGenerator<StreamEvent> {
    for await (const { event, data } of stream) {
      if (event !== undefined) throw new Error(`The stream broke off: ${event} ${data}`);
      const raw = JSON.parse(data) as unknown;
      yield { ...this.dialect.event(raw), raw };
    }
  }
}

async function bodyOf(stream: SseStream): Promise<unknown> {
  let text = '';
  for await (const chunk of stream.response.setEncoding('utf8') as AsyncIterable<string>) text += chunk;
  return JSON.parse(text) as unknown;
}

const binding = (dialect: VersionAdapter, traits: Pick<Binding, 'without' | 'lacks'>): Binding => ({
  name: `HTTP+JSON ${dialect.version}`,
  version: dialect.version,
  json: true,
  ...traits,
  connect: ({ origin }, headers = {}) => new RestConnection(origin, dialect, headers),
});

export const rest10 = binding(V10, { without: [], lacks: [] });
export const rest03 = binding(V03, { without: ['ListTasks'], lacks: ['referenceTaskIds'] });
