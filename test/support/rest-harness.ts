import type { StreamResponse, Task, TaskPushNotificationConfig } from '../../src/protocol/model/index.js';
import type { ItemStream, RequestHandler, StreamItem } from '../../src/request-handler/request-handler.interface.js';
import type { CallContext } from '../../src/security/call-context.js';
import { type AdapterName, startTransportApp, type TransportApp, type TransportAppOptions } from './transport-app.js';
import { TaskDocument } from '../../src/tasks/task-document.js';

export const TASK: Task = {
  id: 't1',
  contextId: 'c1',
  status: { state: 'TASK_STATE_CANCELED', timestamp: '2026-01-01T00:00:00.000Z' },
  artifacts: [{ artifactId: 'a', parts: [{ url: 'https://files.example/f' }] }],
};
export const PROTO_TASK = {
  ...TASK,
  status: { ...TASK.status, state: 'TASK_STATE_CANCELLED' },
  artifacts: [{ artifactId: 'a', parts: [{ file: { fileWithUri: 'https://files.example/f' } }] }],
};

export const V1 = { 'a2a-version': '1.0' };
export const message = (text: string): object => ({ messageId: 'm1', role: 'ROLE_USER', parts: [{ text }] });
export const protoMessage = (text: string): object => ({ messageId: 'm1', role: 'ROLE_USER', content: [{ text }] });

/** The operation that a request came to, and with what. */
export interface Seen {
  readonly operation: keyof RequestHandler;
  readonly request: object;
  readonly context: CallContext;
  readonly lastEventId?: string;
}

export interface RestReply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Record<string, unknown>;
}

const reply: StreamItem = {
  type: 'message',
  message: { messageId: 'm2', role: 'ROLE_AGENT', parts: [{ text: 'hello' }] },
  final: true,
};
const PUSH_CONFIG: TaskPushNotificationConfig = { taskId: 't1', id: 'p1', url: 'https://example.com/hook' };

export const REPLY: StreamResponse = { message: reply.message };

/** An application on one adapter, plain HTTP calls to it, and what its request handler was given. */
export class RestHarness {
  seen?: Seen;
  #running?: TransportApp;

  constructor(private readonly adapter: AdapterName) {}

  get app(): TransportApp {
    if (this.#running === undefined) throw new Error('start() first');
    return this.#running;
  }

  readonly start = async ({ handler, ...options }: Partial<TransportAppOptions> = {}): Promise<TransportApp> =>
    (this.#running = await startTransportApp(this.adapter, {
      handler: { ...this.#handler(), ...handler },
      ...options,
    }));

  readonly stop = async (): Promise<void> => {
    await this.#running?.app.close();
    this.#running = undefined;
    this.seen = undefined;
  };

  /** `body` is sent as JSON, a text as it is. v1.0 unless the headers say otherwise. */
  readonly call = async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<RestReply> => {
    this.seen = undefined;
    const response = await fetch(this.app.url + path, {
      method,
      headers: { 'content-type': 'application/json', ...V1, ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const json = response.headers.get('content-type')?.includes('json') === true && text !== '';
    const parsed = json ? (JSON.parse(text) as Record<string, unknown>) : {};
    return { status: response.status, headers: response.headers, text, body: parsed };
  };

  #handler(): RequestHandler {
    const see = <T>(operation: keyof RequestHandler, answer: T) => {
      return (request: object, context: CallContext, options?: object): Promise<T> => {
        const { lastEventId } = (options ?? {}) as { lastEventId?: string };
        this.seen = { operation, request, context, lastEventId };
        return Promise.resolve(answer);
      };
    };
    const stream = (operation: keyof RequestHandler) => {
      return (...given: Parameters<ReturnType<typeof see>>): Promise<ItemStream> =>
        see(operation, undefined)(...given).then(() => one());
    };
    return {
      sendMessage: see('sendMessage', { task: TASK }),
      sendStreamingMessage: stream('sendStreamingMessage'),
      getTask: see('getTask', TaskDocument.of(TASK)),
      listTasks: see('listTasks', { tasks: [TASK], nextPageToken: '', pageSize: 50, totalSize: 1 }),
      cancelTask: see('cancelTask', TaskDocument.of(TASK)),
      subscribeToTask: stream('subscribeToTask'),
      createTaskPushNotificationConfig: see('createTaskPushNotificationConfig', PUSH_CONFIG),
      getTaskPushNotificationConfig: see('getTaskPushNotificationConfig', PUSH_CONFIG),
      listTaskPushNotificationConfigs: see('listTaskPushNotificationConfigs', {
        configs: [PUSH_CONFIG],
        nextPageToken: '',
      }),
      deleteTaskPushNotificationConfig: see('deleteTaskPushNotificationConfig', undefined),
      getExtendedAgentCard: see('getExtendedAgentCard', {
        name: 'extended',
        description: '',
        version: '1',
        supportedInterfaces: [{ url: 'https://x.example', protocolBinding: 'HTTP+JSON', protocolVersion: '1.0' }],
        capabilities: {},
        defaultInputModes: [],
        defaultOutputModes: [],
        skills: [],
      }),
    };
  }
}

async function* one(): ItemStream {
  yield await Promise.resolve([reply]);
}
