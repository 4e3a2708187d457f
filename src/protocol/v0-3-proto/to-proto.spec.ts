import { describe, expect, it } from '@jest/globals';
import type { AgentCard, Task } from '../model/index.js';
import { v03ProtoCodec as codec } from './v0-3-proto.codec.js';

const task: Task = {
  id: 't',
  contextId: 'c',
  status: {
    state: 'TASK_STATE_CANCELED',
    message: {
      messageId: 'm',
      role: 'ROLE_AGENT',
      parts: [{ text: 'stopped' }],
      referenceTaskIds: ['other'],
    },
    timestamp: '2026-01-02T03:04:05.000Z',
  },
  artifacts: [
    {
      artifactId: 'a',
      parts: [
        { raw: 'AQID', filename: 'f.bin', mediaType: 'application/octet-stream' },
        { url: 'https://files.example/f', filename: '', mediaType: '' },
        { data: { n: 1 } },
        { data: [1, null], mediaType: 'application/json' },
        { text: 'x', filename: 'x.txt', metadata: { own: true } },
      ],
    },
  ],
};

describe('v0.3 ProtoJSON of a task', () => {
  it('has content, the names of enums, and files and data as the proto nests them', () => {
    expect(codec.encode.Task(task)).toStrictEqual({
      id: 't',
      contextId: 'c',
      status: {
        state: 'TASK_STATE_CANCELLED',
        message: { messageId: 'm', role: 'ROLE_AGENT', content: [{ text: 'stopped' }] },
        timestamp: '2026-01-02T03:04:05.000Z',
      },
      artifacts: [
        {
          artifactId: 'a',
          parts: [
            { file: { fileWithBytes: 'AQID', name: 'f.bin', mimeType: 'application/octet-stream' } },
            { file: { fileWithUri: 'https://files.example/f' } },
            { data: { data: { n: 1 } } },
            {
              data: { data: { value: [1, null] } },
              metadata: { data_part_compat: true, a2a_v1_part: { mediaType: 'application/json' } },
            },
            { text: 'x', metadata: { own: true, a2a_v1_part: { filename: 'x.txt' } } },
          ],
        },
      ],
    });
  });

  it('is wrapped in the answer of a send and in a list of its own', () => {
    const encoded = codec.encode.Task(task);
    expect(codec.encode.SendMessageResponse({ task })).toEqual({ task: encoded });
    const page = { tasks: [task], nextPageToken: 'n', pageSize: 1, totalSize: 2 };
    expect(codec.encode.ListTasksResponse(page)).toEqual([encoded]);
  });
});

describe('v0.3 ProtoJSON of a stream', () => {
  const { status } = task;

  it('wraps each event in the name of its kind, a status update saying whether it is the last', () => {
    const message = { messageId: 'm', role: 'ROLE_AGENT' as const, parts: [{ text: 'hi' }] };
    const sent = { messageId: 'm', role: 'ROLE_AGENT', content: [{ text: 'hi' }] };
    expect(codec.encode.StreamResponse({ message }, true)).toStrictEqual({ message: sent });
    expect(codec.encode.StreamResponse({ task: { id: 't', contextId: 'c', status } }, false)).toMatchObject({
      task: { id: 't' },
    });
    for (const final of [true, false]) {
      const statusUpdate = { taskId: 't', contextId: 'c', status };
      expect(codec.encode.StreamResponse({ statusUpdate }, final)).toMatchObject({
        statusUpdate: { taskId: 't', contextId: 'c', status: { state: 'TASK_STATE_CANCELLED' }, final },
      });
    }
    const artifactUpdate = { taskId: 't', contextId: 'c', artifact: { artifactId: 'a', parts: [{ text: 'x' }] } };
    expect(
      codec.encode.StreamResponse({ artifactUpdate: { ...artifactUpdate, append: true, lastChunk: false } }, true),
    ).toStrictEqual({ artifactUpdate: { ...artifactUpdate, append: true, lastChunk: false } });
  });
});

describe('v0.3 ProtoJSON of push configs', () => {
  it('names a config below its task, and lists pages', () => {
    const config = {
      taskId: 't',
      id: 'p',
      url: 'https://hook.example',
      token: 'k',
      authentication: { scheme: 'Bearer', credentials: 's' },
    };
    const encoded = {
      name: 'tasks/t/pushNotificationConfigs/p',
      pushNotificationConfig: {
        id: 'p',
        url: 'https://hook.example',
        token: 'k',
        authentication: { schemes: ['Bearer'], credentials: 's' },
      },
    };
    expect(codec.encode.TaskPushNotificationConfig(config)).toStrictEqual(encoded);
    expect(
      codec.encode.ListTaskPushNotificationConfigsResponse({ configs: [config], nextPageToken: 'n' }),
    ).toStrictEqual({
      configs: [encoded],
      nextPageToken: 'n',
    });
  });
});

describe('v0.3 ProtoJSON of a card', () => {
  const card: AgentCard = {
    name: 'n',
    description: 'd',
    version: '1',
    iconUrl: 'https://x.example/icon.png',
    supportedInterfaces: [{ url: 'https://x.example', protocolBinding: 'HTTP+JSON', protocolVersion: '0.3' }],
    capabilities: { streaming: true, extendedAgentCard: true },
    defaultInputModes: ['text/plain'],
    defaultOutputModes: ['text/plain'],
    skills: [
      { id: 's', name: 's', description: 's', tags: [], securityRequirements: [{ schemes: { key: { list: [] } } }] },
    ],
    securitySchemes: {
      key: { apiKeySecurityScheme: { location: 'header', name: 'X-Key' } },
      oauth: {
        oauth2SecurityScheme: {
          flows: { authorizationCode: { authorizationUrl: 'a', tokenUrl: 't', scopes: {}, pkceRequired: true } },
        },
      },
      device: { oauth2SecurityScheme: { flows: { deviceCode: { tokenUrl: 't', scopes: {} } } } },
    },
    securityRequirements: [{ schemes: { oauth: { list: ['read'] } } }],
  };

  it('has security as v1.0 writes it, without what the v0.3 proto does not have', () => {
    expect(codec.encode.AgentCard(card)).toStrictEqual({
      protocolVersion: '0.3.0',
      name: 'n',
      description: 'd',
      url: 'https://x.example',
      preferredTransport: 'HTTP+JSON',
      additionalInterfaces: [{ url: 'https://x.example', transport: 'HTTP+JSON' }],
      version: '1',
      capabilities: { streaming: true },
      defaultInputModes: ['text/plain'],
      defaultOutputModes: ['text/plain'],
      supportsAuthenticatedExtendedCard: true,
      skills: [{ id: 's', name: 's', description: 's', tags: [], security: [{ schemes: { key: { list: [] } } }] }],
      securitySchemes: {
        key: { apiKeySecurityScheme: { location: 'header', name: 'X-Key' } },
        oauth: {
          oauth2SecurityScheme: { flows: { authorizationCode: { authorizationUrl: 'a', tokenUrl: 't', scopes: {} } } },
        },
        device: { oauth2SecurityScheme: { flows: {} } },
      },
      security: [{ schemes: { oauth: { list: ['read'] } } }],
    });
  });
});
