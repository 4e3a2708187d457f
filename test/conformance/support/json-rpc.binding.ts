import type { StreamResponse } from '../../../src/protocol/model/index.js';
import type { RpcAnswer } from '../../support/rpc.client.js';
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
} from './binding.js';
import { failureOfCode } from './failure.js';
import { fromV03, toV03Params, V03_RPC_METHODS } from './v0-3.form.js';

/** How a version says things over JSON-RPC. */
interface VersionAdapter {
  readonly version: '1.0' | '0.3';
  readonly headers: CallHeaders;
  method(operation: Operation): string | undefined;
  params(operation: Operation, request: object): object;
  result(operation: Operation, result: unknown): unknown;
  event(result: unknown): Omit<StreamEvent, 'raw'>;
}

const V10: VersionAdapter = {
  version: '1.0',
  headers: { 'A2A-Version': '1.0' },
  method: (operation) => operation,
  params: (_, request) => request,
  result: (_, result) => result,
  event: (result) => ({ response: result as StreamResponse }),
};

const V03: VersionAdapter = {
  version: '0.3',
  headers: {},
  method: (operation) => V03_RPC_METHODS[operation],
  params: toV03Params,
  result: (operation, result) => fromV03.answer(operation, result),
  event: (result) => fromV03.event(result),
};

const textHeaders = (headers: Iterable<[string, string]>): Record<string, string> => Object.fromEntries(headers);

class JsonRpcConnection implements Connection {
  #id = 0;

  constructor(
    private readonly url: string,
    private readonly dialect: VersionAdapter,
    private readonly headers: CallHeaders,
  ) {}

  async call(operation: Operation, request: object, headers: CallHeaders = {}): Promise<Answer<unknown>> {
    const response = await fetch(this.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...this.#headers(headers) },
      body: JSON.stringify(this.#body(operation, request)),
    });
    const raw = (await response.json()) as RpcAnswer<unknown>;
    const answer = { raw, headers: textHeaders(response.headers) };
    if (raw.error) return { ...answer, error: failureOfCode(raw.error) };
    return { ...answer, result: this.dialect.result(operation, raw.result) };
  }

  async open(operation: Operation, request: object, headers: CallHeaders = {}): Promise<OpenStream | Failure> {
    const body = this.#body(operation, request);
    const stream = await SseStream.post(this.url, body, this.#headers(headers));
    const said = textHeaders(
      Object.entries(stream.response.headers).map(([name, value]): [string, string] => [name, String(value)]),
    );
    if (!said['content-type']?.startsWith('text/event-stream')) return failureOfCode(await refusal(stream));
    return { headers: said, close: () => stream.close(), [Symbol.asyncIterator]: () => this.#events(stream) };
  }

  close(): void {}

  #headers(headers: CallHeaders): Record<string, string> {
    return { ...this.dialect.headers, ...this.headers, ...headers };
  }

  #body(operation: Operation, request: object): object {
    const method = this.dialect.method(operation);
    if (method === undefined) throw new Error(`v${this.dialect.version} has no ${operation}.`);
    return { jsonrpc: '2.0', id: ++this.#id, method, params: this.dialect.params(operation, request) };
  }

  async *#events(stream: SseStream): AsyncGenerator<StreamEvent> {
    for await (const { data } of stream) {
      const raw = JSON.parse(data) as RpcAnswer<unknown>;
      if (raw.error) throw new Error(`The stream broke off: ${data}`);
      yield { ...this.dialect.event(raw.result), raw: raw.result };
    }
  }
}

async function refusal(stream: SseStream): Promise<{ code: number; message: string }> {
  let text = '';
  for await (const chunk of stream.response.setEncoding('utf8') as AsyncIterable<string>) text += chunk;
  const { error } = JSON.parse(text) as RpcAnswer;
  if (!error) throw new Error(`Neither a stream nor an error: ${text}`);
  return error;
}

const binding = (dialect: VersionAdapter, without: readonly Operation[]): Binding => ({
  name: `JSON-RPC ${dialect.version}`,
  version: dialect.version,
  json: true,
  without,
  lacks: [],
  connect: ({ origin }, headers = {}) => new JsonRpcConnection(`${origin}/`, dialect, headers),
});

export const jsonRpc10 = binding(V10, []);
export const jsonRpc03 = binding(V03, ['ListTasks']);
