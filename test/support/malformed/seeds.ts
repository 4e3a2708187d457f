/** A request as a client writes it, before anything is done to it. */
export interface HttpSeed {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

const TASK = '0190a0a0-0000-7000-8000-000000000000';
const CONFIG = {
  url: 'https://example.com/webhook',
  token: 't',
  authentication: { scheme: 'Bearer', credentials: 'c' },
};
const V03_CONFIG = { url: CONFIG.url, token: 't', authentication: { schemes: ['Bearer'], credentials: 'c' } };

const message = {
  messageId: 'm',
  role: 'ROLE_USER',
  contextId: 'c',
  parts: [{ text: 'echo hi', mediaType: 'text/plain', metadata: { a: [1, null] } }],
  metadata: { k: { l: true } },
  extensions: ['urn:x'],
  referenceTaskIds: [TASK],
};
const configuration = { acceptedOutputModes: ['text/plain'], historyLength: 3, returnImmediately: true };
const v03Message = {
  kind: 'message',
  messageId: 'm',
  role: 'user',
  parts: [
    { kind: 'text', text: 'echo hi' },
    { kind: 'data', data: { a: 1 } },
    { kind: 'file', file: { bytes: 'aGk=', name: 'a.txt', mimeType: 'text/plain' } },
  ],
};
const v03Configuration = { acceptedOutputModes: ['text/plain'], historyLength: 3, blocking: false };
const v03RestMessage = {
  messageId: 'm',
  role: 'ROLE_USER',
  content: [{ text: 'echo hi' }, { data: { data: { a: 1 } } }],
};

const V10_PARAMS: Record<string, unknown> = {
  SendMessage: { message, configuration, metadata: { a: 1 } },
  SendStreamingMessage: { message, configuration },
  GetTask: { id: TASK, historyLength: 2 },
  ListTasks: {
    contextId: 'c',
    status: 'TASK_STATE_WORKING',
    pageSize: 5,
    pageToken: 'x',
    historyLength: 1,
    statusTimestampAfter: '2026-01-01T00:00:00Z',
    includeArtifacts: true,
  },
  CancelTask: { id: TASK, metadata: {} },
  SubscribeToTask: { id: TASK },
  CreateTaskPushNotificationConfig: { taskId: TASK, id: 'p', ...CONFIG },
  GetTaskPushNotificationConfig: { taskId: TASK, id: 'p' },
  ListTaskPushNotificationConfigs: { taskId: TASK, pageSize: 5, pageToken: 'x' },
  DeleteTaskPushNotificationConfig: { taskId: TASK, id: 'p' },
  GetExtendedAgentCard: {},
};

const V03_PARAMS: Record<string, unknown> = {
  'message/send': { message: v03Message, configuration: v03Configuration, metadata: {} },
  'message/stream': { message: v03Message, configuration: { ...v03Configuration, pushNotificationConfig: V03_CONFIG } },
  'tasks/get': { id: TASK, historyLength: 2 },
  'tasks/cancel': { id: TASK },
  'tasks/resubscribe': { id: TASK },
  'tasks/pushNotificationConfig/set': { taskId: TASK, pushNotificationConfig: V03_CONFIG },
  'tasks/pushNotificationConfig/get': { id: TASK, pushNotificationConfigId: 'p' },
  'tasks/pushNotificationConfig/list': { id: TASK },
  'tasks/pushNotificationConfig/delete': { id: TASK, pushNotificationConfigId: 'p' },
  'agent/getAuthenticatedExtendedCard': {},
};

const JSON_TYPE = { 'content-type': 'application/json' };
const V1 = { 'a2a-version': '1.0' };

const rpc = (params: Record<string, unknown>, headers: Record<string, string>): HttpSeed[] =>
  Object.entries(params).map(([method, given]) => ({
    method: 'POST',
    target: '/agents/lab',
    headers: { ...JSON_TYPE, ...headers },
    body: { jsonrpc: '2.0', id: 1, method, params: given },
  }));

export const JSON_RPC_SEEDS: readonly HttpSeed[] = [...rpc(V10_PARAMS, V1), ...rpc(V03_PARAMS, {})];

const list = 'contextId=c&status=TASK_STATE_WORKING&pageSize=5&pageToken=x&historyLength=1&includeArtifacts=true';
const CONFIGS = `/tasks/${TASK}/pushNotificationConfigs`;

function rest(prefix: string, headers: Record<string, string>, send: object, config: object): HttpSeed[] {
  const post = { ...headers, ...JSON_TYPE };
  return [
    { method: 'POST', target: `${prefix}/message:send`, headers: post, body: send },
    { method: 'POST', target: `${prefix}/message:stream`, headers: post, body: send },
    { method: 'GET', target: `${prefix}/tasks/${TASK}?historyLength=2`, headers },
    { method: 'GET', target: `${prefix}/tasks?${list}&statusTimestampAfter=2026-01-01T00%3A00%3A00Z`, headers },
    { method: 'POST', target: `${prefix}/tasks/${TASK}:cancel`, headers: post, body: { metadata: {} } },
    { method: 'GET', target: `${prefix}/tasks/${TASK}:subscribe`, headers: { ...headers, 'last-event-id': '1' } },
    { method: 'POST', target: `${prefix}/tasks/${TASK}:subscribe`, headers: post, body: {} },
    { method: 'POST', target: `${prefix}${CONFIGS}`, headers: post, body: config },
    { method: 'GET', target: `${prefix}${CONFIGS}/p`, headers },
    { method: 'GET', target: `${prefix}${CONFIGS}?pageSize=5&pageToken=x`, headers },
    { method: 'DELETE', target: `${prefix}${CONFIGS}/p`, headers },
  ];
}

export const REST_SEEDS: readonly HttpSeed[] = [
  ...rest('/agents/lab', V1, { message, configuration, metadata: {} }, CONFIG),
  ...rest('/agents/lab/acme', V1, { message, configuration, tenant: 'acme' }, CONFIG),
  ...rest(
    '/agents/lab/v1',
    {},
    { message: v03RestMessage, configuration: v03Configuration },
    { config: { name: `tasks/${TASK}/pushNotificationConfigs/p`, pushNotificationConfig: V03_CONFIG } },
  ),
  { method: 'GET', target: '/agents/lab/extendedAgentCard', headers: V1 },
  { method: 'GET', target: '/agents/lab/v1/card', headers: {} },
  { method: 'GET', target: '/agents/lab/.well-known/agent-card.json', headers: { 'if-none-match': '"x"' } },
];
