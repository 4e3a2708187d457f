import { taskNotFound } from '../../src/protocol/errors/index.js';
import type { SendMessageRequest, Task } from '../../src/protocol/model/index.js';
import type { RequestHandler } from '../../src/request-handler/request-handler.interface.js';
import type { CallContext } from '../../src/security/call-context.js';
import { type AdapterName, startTransportApp, type TransportApp, type TransportAppOptions } from './transport-app.js';
import { TaskDocument } from '../../src/tasks/task-document.js';

export const TASK: Task = {
  id: 't1',
  contextId: 'c1',
  status: { state: 'TASK_STATE_COMPLETED', timestamp: '2026-01-01T00:00:00.000Z' },
};

export const message = (text: string): object => ({ messageId: 'm1', role: 'ROLE_USER', parts: [{ text }] });
export const v03Message = { kind: 'message', messageId: 'm1', role: 'user', parts: [{ kind: 'text', text: 'hi' }] };
export const V1 = { 'a2a-version': '1.0' };

export interface RpcBody {
  jsonrpc: string;
  id: unknown;
  result?: Record<string, unknown>;
  error?: { code: number; message: string; data: unknown };
}

export interface RpcReply {
  status: number;
  headers: Headers;
  body: RpcBody;
}

/** An application on one adapter, calls to it, and what its request handler was given. Knows one task, `t1`. */
export class RpcHarness {
  seen: { request?: SendMessageRequest; context?: CallContext } = {};
  #running?: TransportApp;

  constructor(private readonly adapter: AdapterName) {}

  get app(): TransportApp {
    if (this.#running === undefined) throw new Error('start() first');
    return this.#running;
  }

  readonly start = async (options: Partial<TransportAppOptions> = {}): Promise<TransportApp> =>
    (this.#running = await startTransportApp(this.adapter, { handler: this.#handler(), ...options }));

  readonly stop = async (): Promise<void> => {
    await this.#running?.app.close();
    this.#running = undefined;
    this.seen = {};
  };

  readonly raw = async (
    body: string | Uint8Array,
    headers: Record<string, string> = {},
    path = '/',
    method = 'POST',
  ): Promise<RpcReply> => {
    const response = await fetch(this.app.url + path, {
      method,
      headers: { 'content-type': 'application/json', ...V1, ...headers },
      ...(method === 'GET' ? {} : { body: body as string }),
    });
    return { status: response.status, headers: response.headers, body: JSON.parse(await response.text()) as RpcBody };
  };

  readonly rpc = (
    method: string,
    params: unknown,
    headers: Record<string, string> = {},
    path = '/',
    id: unknown = 1,
  ): Promise<RpcReply> => this.raw(JSON.stringify({ jsonrpc: '2.0', id, method, params }), headers, path);

  #handler(): Partial<RequestHandler> {
    return {
      sendMessage: (request, context) => {
        this.seen = { request, context };
        return Promise.resolve({ task: TASK });
      },
      getTask: (request) =>
        request.id === 't1' ? Promise.resolve(TaskDocument.of(TASK)) : Promise.reject(taskNotFound(request.id)),
      listTasks: () => Promise.resolve({ tasks: [], nextPageToken: '', pageSize: 50, totalSize: 0 }),
    };
  }
}
