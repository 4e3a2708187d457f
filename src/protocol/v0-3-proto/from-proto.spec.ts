import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hostileJson } from '../../testing/arbitraries/index.js';
import type { OperationName } from '../operations.js';
import { streamResponseFromProto, taskFromProto } from './from-proto.js';
import { PROTO_REQUESTS } from './requests.js';
import { v03ProtoCodec } from './v0-3-proto.codec.js';

const REQUESTS = Object.keys(PROTO_REQUESTS) as OperationName[];
const decode = (request: OperationName, params: unknown): unknown => v03ProtoCodec.decode(request, params).value;
const decodedPart = (part: unknown): unknown => {
  const { message } = decode('SendMessage', { message: { content: [part] } }) as { message: { parts: unknown[] } };
  return message.parts[0];
};

describe('decoding v0.3 ProtoJSON', () => {
  it('never throws, whatever the params are, and maps any path', () => {
    const anything = fc.oneof(hostileJson(), fc.anything({ withBigInt: true, withNullPrototype: true }));
    const paths = [
      'id',
      'taskId',
      'url',
      'message.parts[0].url',
      'message.parts[1].filename',
      'configuration.taskPushNotificationConfig.authentication.scheme',
      'message.metadata["a b"][0]',
    ];
    fc.assert(
      fc.property(fc.constantFrom(...REQUESTS), anything, (request, params) => {
        const { path } = v03ProtoCodec.decode(request, params);
        for (const each of paths) expect(path(each)).toEqual(expect.any(String));
        streamResponseFromProto(params);
        expect(() => taskFromProto(params)).not.toThrow();
      }),
      { numRuns: 200 },
    );
  });

  it('reads a request as serialisers of the proto write it', () => {
    const params = {
      message: {
        messageId: 'm',
        contextId: '',
        role: 'ROLE_USER',
        content: [{ text: 'hi' }, { file: { fileWithUri: 'https://x.example/f', mimeType: 'a/b' } }],
        extensions: ['urn:x'],
      },
      configuration: { acceptedOutputModes: ['text/plain'], blocking: true, historyLength: 2 },
      metadata: { k: 1 },
    };
    expect(decode('SendMessage', params)).toStrictEqual({
      message: {
        messageId: 'm',
        role: 'ROLE_USER',
        parts: [{ text: 'hi' }, { url: 'https://x.example/f', mediaType: 'a/b' }],
        extensions: ['urn:x'],
      },
      configuration: { acceptedOutputModes: ['text/plain'], returnImmediately: false, historyLength: 2 },
      metadata: { k: 1 },
    });
  });

  it.each([{}, { schemes: [] }, { schemes: [], credentials: '' }, null])(
    'takes the authentication %j of a webhook, which says nothing, for none',
    (authentication) => {
      const params = { configuration: { push_notification: { url: 'https://x.example', authentication } } };
      expect(decode('SendMessage', params)).toMatchObject({
        configuration: { taskPushNotificationConfig: { url: 'https://x.example' } },
      });
      expect(JSON.stringify(decode('SendMessage', params))).not.toContain('authentication');
    },
  );

  it('takes the proto names of fields, numbers of enums and numbers as text', () => {
    const params = {
      request: {
        message_id: 'm',
        task_id: 't',
        role: 1,
        content: [{ file: { file_with_bytes: '_-8', mime_type: 'a/b', name: 'f' } }],
      },
      configuration: {
        history_length: '3',
        push_notification: { url: 'https://x.example', id: '', token: '', authentication: { schemes: ['Bearer'] } },
      },
    };
    expect(decode('SendMessage', params)).toStrictEqual({
      message: {
        messageId: 'm',
        taskId: 't',
        role: 'ROLE_USER',
        parts: [{ raw: '/+8=', mediaType: 'a/b', filename: 'f' }],
      },
      configuration: {
        historyLength: 3,
        taskPushNotificationConfig: {
          url: 'https://x.example',
          authentication: { scheme: 'Bearer', schemes: ['Bearer'] },
        },
        returnImmediately: true,
      },
    });
    expect(decode('ListTasks', { status: 5, page_size: '7' })).toEqual({ status: 'TASK_STATE_CANCELED', pageSize: 7 });
    expect(decode('ListTasks', { last_updated_after: 'x' })).toEqual({ statusTimestampAfter: 'x' });
    expect(decode('ListTasks', { status: 'TASK_STATE_CANCELLED' })).toEqual({ status: 'TASK_STATE_CANCELED' });
  });

  it('takes the JSON-RPC form of v0.3, which its prose shows', () => {
    const params = {
      message: {
        kind: 'message',
        messageId: 'm',
        role: 'user',
        parts: [
          { kind: 'text', text: 'hi' },
          { kind: 'file', file: { bytes: 'AQID', name: 'f' } },
          { kind: 'data', data: { data: { x: 1 } } },
        ],
        referenceTaskIds: ['t0'],
      },
      configuration: { blocking: false, pushNotificationConfig: { url: 'https://x.example' } },
    };
    expect(decode('SendMessage', params)).toStrictEqual({
      message: {
        messageId: 'm',
        role: 'ROLE_USER',
        parts: [{ text: 'hi' }, { raw: 'AQID', filename: 'f' }, { data: { data: { x: 1 } } }],
        referenceTaskIds: ['t0'],
      },
      configuration: { returnImmediately: true, taskPushNotificationConfig: { url: 'https://x.example' } },
    });
  });

  it.each([
    ['a configuration without blocking means false, which serialisers leave out', {}, { returnImmediately: true }],
    ['blocking of the wrong type is passed on', { blocking: 'yes' }, { returnImmediately: 'yes' }],
    ['no object is passed on', 5, 5],
  ])('reads the configuration: %s', (_name, configuration, expected) => {
    expect(decode('SendMessage', { configuration })).toStrictEqual({ configuration: expected });
  });

  it('leaves it open whether to wait when there is no configuration', () => {
    expect(decode('SendMessage', { message: {} })).toStrictEqual({ message: {} });
  });

  it.each([
    ['an object', { data: { data: { x: null } } }, { data: { x: null } }],
    ['an empty Struct that was left out', { data: {} }, { data: {} }],
    ['null for a Struct', { data: { data: null } }, { data: {} }],
    ['a wrapped value', { data: { data: { value: 5 } }, metadata: { data_part_compat: true } }, { data: 5 }],
    ['no Struct at all', { data: { x: 1 } }, {}],
    ['a text', { data: 'x' }, {}],
  ])('reads data: %s', (_name, part, expected) => {
    expect(decodedPart(part)).toStrictEqual(expected);
  });

  it('keeps what is too much or of the wrong type, so that validation names it', () => {
    expect(decodedPart({ text: 'x', data: { data: {} } })).toEqual({ text: 'x', data: {} });
    expect(decodedPart({ text: 'x', file: { fileWithUri: 'u' } })).toEqual({ text: 'x', url: 'u' });
    expect(decodedPart({ file: { fileWithUri: 'u', fileWithBytes: 'AQID' } })).toEqual({ url: 'u', raw: 'AQID' });
    expect(decodedPart({ text: 5 })).toEqual({ text: 5 });
    expect(decodedPart({ file: 'x' })).toEqual({});
    expect(decodedPart('x')).toBe('x');
    for (const params of [undefined, null, 'text', 5, ['x']])
      for (const name of REQUESTS) expect(decode(name, params)).toBe(params);
  });
});

describe('resource names of the v0.3 proto', () => {
  it.each<[OperationName, object, object]>([
    ['GetTask', { name: 'tasks/t', historyLength: 0 }, { id: 't', historyLength: 0 }],
    ['GetTask', { id: 't' }, { id: 't' }],
    ['GetTask', { name: 't' }, {}],
    ['CancelTask', { name: 'tasks/t' }, { id: 't' }],
    ['SubscribeToTask', { name: 'tasks/t' }, { id: 't' }],
    ['GetTaskPushNotificationConfig', { name: 'tasks/t/pushNotificationConfigs/p/q' }, { taskId: 't', id: 'p/q' }],
    ['GetTaskPushNotificationConfig', { name: 'tasks/t/pushNotificationConfigs/' }, { taskId: 't', id: '' }],
    ['DeleteTaskPushNotificationConfig', { taskId: 't', id: 'p' }, { taskId: 't', id: 'p' }],
    ['ListTaskPushNotificationConfigs', { parent: 'tasks/t', page_size: 3 }, { taskId: 't', pageSize: 3 }],
  ])('%s %j', (request, params, expected) => {
    expect(decode(request, params)).toStrictEqual(expected);
  });

  it.each([
    [
      'the body of REST',
      { name: 'tasks/t/pushNotificationConfigs/p', pushNotificationConfig: { url: 'u', token: 'k' } },
      { taskId: 't', id: 'p', url: 'u', token: 'k' },
    ],
    [
      'the request of the rpc',
      { parent: 'tasks/t', configId: 'p', config: { pushNotificationConfig: { url: 'u' } } },
      { taskId: 't', id: 'p', url: 'u' },
    ],
    [
      "the config's own id before that of its name",
      { name: 'tasks/t/pushNotificationConfigs/', pushNotificationConfig: { id: 'own', url: 'u' } },
      { taskId: 't', id: 'own', url: 'u' },
    ],
    ['JSON-RPC', { taskId: 't', pushNotificationConfig: { url: 'u' } }, { taskId: 't', url: 'u' }],
    ['nothing', {}, {}],
  ])('create a config: %s', (_name, params, expected) => {
    expect(decode('CreateTaskPushNotificationConfig', params)).toStrictEqual(expected);
  });
});
