import { type MessageName, type Messages } from './messages/messages.js';

export type { Messages } from './messages/messages.js';

/** A route of HTTP+JSON below an agent's url. `{name}` takes one segment, and is that member of the request. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  /** What the rest of the request is read from; without it from the query. */
  readonly body?: 'required' | 'optional';
}

export interface OperationDescription {
  /** For people. */
  readonly summary: string;
  readonly request: MessageName;
  /** Of a stream: each of its events. */
  readonly response: MessageName;
  readonly stream?: true;
  /** May last long, so that it ends when its client leaves. */
  readonly lasting?: true;
  /** Agents that do not declare the capability refuse it. Spec 3.3.4. */
  readonly needs?: 'pushNotifications';
  /** It changes nothing. */
  readonly reads?: true;
  /** Its answers are one caller's alone: shared caches must not store them. */
  readonly private?: true;
  /** Spec 11.3, and the annotations of a2a.proto. */
  readonly routes: readonly Route[];
  /** What v0.3 calls it; what it does not name it has not. Spec 0.3, 3.5.6. */
  readonly v03: { readonly rpc?: string; readonly grpc?: string; readonly routes: readonly Route[] };
}

const route = (method: Route['method'], path: string, body?: Route['body']): Route => ({ method, path, body });
/** v0.3 has the routes of v1.0 below `/v1`. */
const older = (...routes: readonly Route[]): Route[] => routes.map((each) => ({ ...each, path: `/v1${each.path}` }));

const send = route('POST', '/message:send', 'required');
const stream = route('POST', '/message:stream', 'required');
const tasks = route('GET', '/tasks');
const task = route('GET', '/tasks/{id}');
const cancel = route('POST', '/tasks/{id}:cancel', 'optional');
// The text of the specification says POST, its proto GET.
const subscribe = [route('GET', '/tasks/{id}:subscribe'), route('POST', '/tasks/{id}:subscribe', 'optional')];
const CONFIGS = '/tasks/{taskId}/pushNotificationConfigs';
const listConfigs = route('GET', CONFIGS);
const createConfig = route('POST', CONFIGS, 'required');
const getConfig = route('GET', `${CONFIGS}/{id}`);
const deleteConfig = route('DELETE', `${CONFIGS}/{id}`);

/** The operations of the protocol, by their names in v1.0: all bindings, the client and the documentation come from here. Spec 5.3. */
export const OPERATIONS = {
  SendMessage: {
    summary: 'Send a message, wait for the answer',
    request: 'SendMessageRequest',
    response: 'SendMessageResponse',
    lasting: true,
    routes: [send],
    v03: { rpc: 'message/send', grpc: 'SendMessage', routes: older(send) },
  },
  SendStreamingMessage: {
    summary: 'Send a message, receive events',
    request: 'SendMessageRequest',
    response: 'StreamResponse',
    stream: true,
    lasting: true,
    routes: [stream],
    v03: { rpc: 'message/stream', grpc: 'SendStreamingMessage', routes: older(stream) },
  },
  ListTasks: {
    summary: 'List tasks',
    request: 'ListTasksRequest',
    response: 'ListTasksResponse',
    reads: true,
    routes: [tasks],
    v03: { routes: older(tasks) },
  },
  GetTask: {
    summary: 'Read a task',
    request: 'GetTaskRequest',
    response: 'Task',
    reads: true,
    routes: [task],
    v03: { rpc: 'tasks/get', grpc: 'GetTask', routes: older(task) },
  },
  CancelTask: {
    summary: 'Cancel a task',
    request: 'CancelTaskRequest',
    response: 'Task',
    routes: [cancel],
    v03: { rpc: 'tasks/cancel', grpc: 'CancelTask', routes: older(cancel) },
  },
  SubscribeToTask: {
    summary: 'Join the events of a task',
    request: 'SubscribeToTaskRequest',
    response: 'StreamResponse',
    stream: true,
    lasting: true,
    reads: true,
    routes: subscribe,
    v03: { rpc: 'tasks/resubscribe', grpc: 'TaskSubscription', routes: older(...subscribe) },
  },
  ListTaskPushNotificationConfigs: {
    summary: 'List the webhooks of a task',
    request: 'ListTaskPushNotificationConfigsRequest',
    response: 'ListTaskPushNotificationConfigsResponse',
    needs: 'pushNotifications',
    private: true,
    reads: true,
    routes: [listConfigs],
    v03: {
      rpc: 'tasks/pushNotificationConfig/list',
      grpc: 'ListTaskPushNotificationConfig',
      routes: older(listConfigs),
    },
  },
  CreateTaskPushNotificationConfig: {
    summary: 'Have the events of a task sent to a webhook',
    request: 'CreateTaskPushNotificationConfigRequest',
    response: 'TaskPushNotificationConfig',
    needs: 'pushNotifications',
    private: true,
    routes: [createConfig],
    v03: {
      rpc: 'tasks/pushNotificationConfig/set',
      grpc: 'CreateTaskPushNotificationConfig',
      routes: older(createConfig),
    },
  },
  GetTaskPushNotificationConfig: {
    summary: 'Read a webhook of a task',
    request: 'GetTaskPushNotificationConfigRequest',
    response: 'TaskPushNotificationConfig',
    needs: 'pushNotifications',
    private: true,
    reads: true,
    routes: [getConfig],
    v03: { rpc: 'tasks/pushNotificationConfig/get', grpc: 'GetTaskPushNotificationConfig', routes: older(getConfig) },
  },
  DeleteTaskPushNotificationConfig: {
    summary: 'Send no more to a webhook',
    request: 'DeleteTaskPushNotificationConfigRequest',
    response: 'Empty',
    needs: 'pushNotifications',
    private: true,
    routes: [deleteConfig],
    v03: {
      rpc: 'tasks/pushNotificationConfig/delete',
      grpc: 'DeleteTaskPushNotificationConfig',
      routes: older(deleteConfig),
    },
  },
  GetExtendedAgentCard: {
    summary: 'Read the card for callers that are known',
    request: 'GetExtendedAgentCardRequest',
    response: 'AgentCard',
    private: true,
    reads: true,
    routes: [route('GET', '/extendedAgentCard')],
    v03: { rpc: 'agent/getAuthenticatedExtendedCard', grpc: 'GetAgentCard', routes: [route('GET', '/v1/card')] },
  },
} as const satisfies Readonly<Record<string, OperationDescription>>;

type Operations = typeof OPERATIONS;

export type OperationName = keyof Operations;
export type StreamingOperation = {
  [N in OperationName]: Operations[N] extends { readonly stream: true } ? N : never;
}[OperationName];

/** The canonical request of each operation. */
export type Requests = { [N in OperationName]: Messages[Operations[N]['request']] };
/** What each is answered with; a stream with one of these for each event. */
export type Responses = { [N in OperationName]: Messages[Operations[N]['response']] };

export type RequestMessage = Operations[OperationName]['request'];
export type ResponseMessage = Operations[OperationName]['response'];

/** What the operation is called as a method: `getTask`. */
export const methodOf = <N extends OperationName>(name: N): Uncapitalize<N> =>
  (name.charAt(0).toLowerCase() + name.slice(1)) as Uncapitalize<N>;

/** Something made for each operation, by its name. */
export function mapOperations<T>(
  make: (name: OperationName, description: OperationDescription) => T,
): Readonly<Record<OperationName, T>> {
  const names = Object.keys(OPERATIONS) as OperationName[];
  return Object.fromEntries(names.map((name) => [name, make(name, OPERATIONS[name])])) as Record<OperationName, T>;
}
