import type {
  AgentCard,
  SendMessageRequest,
  StreamResponse,
  Task,
  TaskPushNotificationConfig,
} from '../protocol/model/index.js';

import { EXAMPLE_MESSAGE } from './placeholders.js';

const id = '019a5c2e-7b1a-7c3d-9e4f-5a6b7c8d9e0f';
const contextId = '019a5c2e-7b19-7f00-8a11-223344556677';
const artifact = { artifactId: 'echo', parts: [{ text: 'hello' }] };
const at = (second: number): string => `2026-01-15T10:00:0${second}.000Z`;

const send: SendMessageRequest = {
  message: { messageId: EXAMPLE_MESSAGE, role: 'ROLE_USER', parts: [{ text: 'echo hello' }] },
};
const task: Task = {
  id,
  contextId,
  status: { state: 'TASK_STATE_COMPLETED', timestamp: at(1) },
  artifacts: [artifact],
};
const submitted: Task = { id, contextId, status: { state: 'TASK_STATE_SUBMITTED', timestamp: at(0) } };
const working: Task = { id, contextId, status: { state: 'TASK_STATE_WORKING', timestamp: at(0) } };
const canceled: Task = { id, contextId, status: { state: 'TASK_STATE_CANCELED', timestamp: at(2) } };
const tail: StreamResponse[] = [
  { artifactUpdate: { taskId: id, contextId, artifact, lastChunk: true } },
  { statusUpdate: { taskId: id, contextId, status: { state: 'TASK_STATE_COMPLETED', timestamp: at(1) } } },
];

const config: TaskPushNotificationConfig = {
  id: 'my-webhook',
  taskId: id,
  url: 'https://client.example.com/a2a-events',
  token: 'a-secret-of-the-client',
  authentication: { scheme: 'Bearer', credentials: 'a-token-for-the-webhook' },
};
const card: AgentCard = {
  name: 'Echo',
  description: 'Says what it is told.',
  version: '1.0.0',
  supportedInterfaces: [
    { url: 'https://agents.example.com', protocolBinding: 'HTTP+JSON', protocolVersion: '1.0' },
    { url: 'https://agents.example.com', protocolBinding: 'JSONRPC', protocolVersion: '1.0' },
  ],
  capabilities: { streaming: true, pushNotifications: true, extendedAgentCard: true },
  defaultInputModes: ['text/plain'],
  defaultOutputModes: ['text/plain'],
  skills: [{ id: 'echo', name: 'Echo', description: 'Repeats a text.', tags: ['text'] }],
};

/** One small conversation, as v1.0 writes it. */
export const v10 = {
  send,
  task,
  canceled,
  config,
  configs: { configs: [config], nextPageToken: '' },
  card,
  page: { tasks: [task], nextPageToken: '', pageSize: 10, totalSize: 1 },
  events: [{ task: submitted }, ...tail] satisfies StreamResponse[],
  rejoined: [{ task: working }, ...tail] satisfies StreamResponse[],
};
