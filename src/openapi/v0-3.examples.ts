import { EXAMPLE_MESSAGE } from './placeholders.js';

const id = '019a5c2e-7b1a-7c3d-9e4f-5a6b7c8d9e0f';
const contextId = '019a5c2e-7b19-7f00-8a11-223344556677';
const artifact = { artifactId: 'echo', parts: [{ kind: 'text', text: 'hello' }] };
const at = (second: number): string => `2026-01-15T10:00:0${second}.000Z`;
const taskIn = (state: string, second: number) => ({
  kind: 'task',
  id,
  contextId,
  status: { state, timestamp: at(second) },
});

const tail = [
  { kind: 'artifact-update', taskId: id, contextId, artifact, lastChunk: true },
  { kind: 'status-update', taskId: id, contextId, status: { state: 'completed', timestamp: at(1) }, final: true },
];

const config = {
  taskId: id,
  pushNotificationConfig: {
    id: 'my-webhook',
    url: 'https://client.example.com/a2a-events',
    token: 'a-secret-of-the-client',
    authentication: { schemes: ['Bearer'], credentials: 'a-token-for-the-webhook' },
  },
};

/** The same conversation, as v0.3 writes it. */
export const v03 = {
  send: {
    message: {
      kind: 'message',
      messageId: EXAMPLE_MESSAGE,
      role: 'user',
      parts: [{ kind: 'text', text: 'echo hello' }],
    },
    configuration: { blocking: true },
  },
  task: { ...taskIn('completed', 1), artifacts: [artifact] },
  canceled: taskIn('canceled', 2),
  config,
  card: {
    protocolVersion: '0.3.0',
    name: 'Echo',
    description: 'Says what it is told.',
    url: 'https://agents.example.com',
    preferredTransport: 'JSONRPC',
    version: '1.0.0',
    capabilities: { streaming: true, pushNotifications: true },
    defaultInputModes: ['text/plain'],
    defaultOutputModes: ['text/plain'],
    skills: [{ id: 'echo', name: 'Echo', description: 'Repeats a text.', tags: ['text'] }],
  },
  events: [taskIn('submitted', 0), ...tail],
  rejoined: [taskIn('working', 0), ...tail],
};
