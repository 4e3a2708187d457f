import { describe, expect, it } from '@jest/globals';
import type { OperationName } from '../operations.js';
import { v03ProtoCodec } from './v0-3-proto.codec.js';

const pathOf = (request: OperationName, params: unknown, canonical: string): string =>
  v03ProtoCodec.decode(request, params).path(canonical);

describe('paths in errors of v0.3 over HTTP+JSON', () => {
  const proto = {
    message: {
      content: [
        { file: { fileWithUri: 5 } },
        { file: { bytes: '!', mimeType: 1 } },
        { data: { data: 'x' } },
        { text: 5, metadata: { a2a_v1_part: { filename: 5 } } },
        { kind: 'data', data: 5 },
      ],
    },
    configuration: { pushNotification: { authentication: { schemes: ['Digest', 'Basic'] } } },
  };

  it.each([
    ['message.parts[0].url', 'message.content[0].file.fileWithUri'],
    ['message.parts[0].filename', 'message.content[0].file.name'],
    ['message.parts[1].raw', 'message.content[1].file.bytes'],
    ['message.parts[1].mediaType', 'message.content[1].file.mimeType'],
    ['message.parts[2].data', 'message.content[2].data.data'],
    ['message.parts[3].text', 'message.content[3].text'],
    ['message.parts[3].filename', 'message.content[3].metadata.a2a_v1_part.filename'],
    ['message.parts[4].data', 'message.content[4].data'],
    ['message.parts[9].url', 'message.content[9].url'],
    ['message.parts[0]', 'message.content[0]'],
    ['message.parts', 'message.content'],
    ['message.role', 'message.role'],
    ['message', 'message'],
    ['configuration.returnImmediately', 'configuration.blocking'],
    ['configuration.historyLength', 'configuration.historyLength'],
    ['configuration.taskPushNotificationConfig.url', 'configuration.pushNotification.url'],
    [
      'configuration.taskPushNotificationConfig.authentication.scheme',
      'configuration.pushNotification.authentication.schemes[1]',
    ],
  ])('call %s %s', (canonical, expected) => {
    expect(pathOf('SendMessage', proto, canonical)).toBe(expected);
  });

  it.each([
    [
      'message.parts[0].url',
      { request: { content: [{ file: { file_with_uri: 1 } }] } },
      'request.content[0].file.file_with_uri',
    ],
    ['message.messageId', { message: { message_id: 5 } }, 'message.message_id'],
    ['message.parts[1].text', { message: { parts: [0, { kind: 'text' }] } }, 'message.parts[1].text'],
    ['configuration.historyLength', { configuration: { history_length: 'x' } }, 'configuration.history_length'],
    [
      'configuration.taskPushNotificationConfig.url',
      { configuration: { push_notification: {} } },
      'configuration.push_notification.url',
    ],
    [
      'configuration.taskPushNotificationConfig.url',
      { configuration: { pushNotificationConfig: {} } },
      'configuration.pushNotificationConfig.url',
    ],
  ])('call %s of %j what the client calls it', (canonical, params, expected) => {
    expect(pathOf('SendMessage', params, canonical)).toBe(expected);
  });

  it.each<[OperationName, object, string, string]>([
    ['GetTask', { name: 'x' }, 'id', 'name'],
    ['GetTask', { id: 5 }, 'id', 'id'],
    ['GetTask', { history_length: 'x' }, 'historyLength', 'history_length'],
    ['ListTaskPushNotificationConfigs', { parent: 'x' }, 'taskId', 'parent'],
    ['CreateTaskPushNotificationConfig', { name: 'x' }, 'taskId', 'name'],
    ['CreateTaskPushNotificationConfig', { pushNotificationConfig: {} }, 'url', 'pushNotificationConfig.url'],
    ['CreateTaskPushNotificationConfig', { push_notification_config: {} }, 'url', 'push_notification_config.url'],
    [
      'CreateTaskPushNotificationConfig',
      { config: { pushNotificationConfig: { authentication: { schemes: [5] } } } },
      'authentication.scheme',
      'config.pushNotificationConfig.authentication.schemes[0]',
    ],
  ])('%s %j: call %s %s', (request, params, canonical, expected) => {
    expect(pathOf(request, params, canonical)).toBe(expected);
  });
});
