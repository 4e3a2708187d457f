import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hostileJson } from '../../testing/arbitraries/index.js';
import type { OperationName } from '../operations.js';
import { streamResponseFromV03, taskFromV03 } from './from-v0-3.js';
import { v03Codec } from './v0-3.codec.js';

const REQUESTS: OperationName[] = ['SendMessage', 'GetTask', 'ListTasks', 'CancelTask', 'SubscribeToTask'];
const decode = (request: OperationName, params: unknown): unknown => v03Codec.decode(request, params).value;
const decodedPart = (part: unknown): unknown => {
  const { message } = decode('SendMessage', { message: { parts: [part] } }) as { message: { parts: unknown[] } };
  return message.parts[0];
};

describe('v0.3 decoding', () => {
  it('never throws, whatever the params are, and maps any path', () => {
    const anything = fc.oneof(hostileJson(), fc.anything({ withBigInt: true, withNullPrototype: true }));
    const paths = [
      'message.parts[0].url',
      'message.parts[1].filename',
      'configuration.taskPushNotificationConfig.authentication.scheme',
    ];
    fc.assert(
      fc.property(fc.constantFrom(...REQUESTS), anything, (request, params) => {
        const { path } = v03Codec.decode(request, params);
        for (const each of paths) expect(path(each)).toEqual(expect.any(String));
        streamResponseFromV03(params);
        expect(() => taskFromV03(params)).not.toThrow();
      }),
      { numRuns: 200 },
    );
  });

  it('reads the configuration: blocking the other way round, the first scheme it can deliver with', () => {
    const configuration = {
      blocking: true,
      historyLength: 0,
      acceptedOutputModes: ['text/plain'],
      pushNotificationConfig: {
        id: 'p',
        url: 'https://x.example',
        authentication: { schemes: ['Digest', 'bearer'], credentials: 's' },
      },
    };
    expect(decode('SendMessage', { configuration })).toStrictEqual({
      configuration: {
        returnImmediately: false,
        historyLength: 0,
        acceptedOutputModes: ['text/plain'],
        taskPushNotificationConfig: {
          id: 'p',
          url: 'https://x.example',
          authentication: { scheme: 'bearer', schemes: ['Digest', 'bearer'], credentials: 's' },
        },
      },
    });
    expect(decode('SendMessage', { configuration: { blocking: false } })).toEqual({
      configuration: { returnImmediately: true },
    });
  });

  it('leaves returnImmediately out when blocking is not given', () => {
    expect(decode('SendMessage', { configuration: {} })).toStrictEqual({ configuration: {} });
    expect(decode('SendMessage', { configuration: { blocking: null } })).toStrictEqual({ configuration: {} });
  });

  it('reads the parameters of the task methods', () => {
    const params = { id: 't', historyLength: 0, metadata: { a: 1 }, extra: true };
    expect(decode('GetTask', params)).toStrictEqual({ id: 't', historyLength: 0 });
    expect(decode('CancelTask', params)).toStrictEqual({ id: 't', metadata: { a: 1 } });
    expect(decode('SubscribeToTask', params)).toStrictEqual({ id: 't' });
    expect(decode('ListTasks', { status: 'auth-required' })).toStrictEqual({ status: 'TASK_STATE_AUTH_REQUIRED' });
  });

  it.each([
    [{ kind: 'text', text: 'x' }, { text: 'x' }],
    [{ type: 'text', text: 'x' }, { text: 'x' }],
    [
      { kind: 'file', file: { bytes: 'Q-_', name: 'n', mimeType: 'm/t' } },
      { raw: 'Q+/=', filename: 'n', mediaType: 'm/t' },
    ],
    [{ kind: 'file', file: { bytes: null, fileWithBytes: 'QUJD' } }, { raw: 'QUJD' }],
    [{ kind: 'file', file: { data: 'QUJD' } }, { raw: 'QUJD' }],
    [
      { kind: 'file', file: { uri: 'u' }, metadata: { a2a_v1_part: { filename: 'f' } } },
      { url: 'u', metadata: { a2a_v1_part: { filename: 'f' } } },
    ],
    [{ file: { fileWithUri: 'u' } }, { url: 'u' }],
    [{ kind: 'data', data: { a: null } }, { data: { a: null } }],
    [
      { kind: 'data', data: { value: 1, more: 2 }, metadata: { data_part_compat: true } },
      { data: { value: 1, more: 2 }, metadata: { data_part_compat: true } },
    ],
    [{ kind: 'data', data: { value: 1 }, metadata: { data_part_compat: true } }, { data: 1 }],
    [
      { kind: 'data', data: { value: 1 }, metadata: { data_part_compat: 'no' } },
      { data: { value: 1 }, metadata: { data_part_compat: 'no' } },
    ],
    [
      { kind: 'text', text: 'x', metadata: { a2a_v1_part: { filename: 5 } } },
      { text: 'x', metadata: { a2a_v1_part: { filename: 5 } } },
    ],
    [{ kind: 'text', text: 5 }, { text: 5 }],
    [{ kind: 'text' }, {}],
    [{ kind: 'file', file: 'x' }, {}],
    [{ kind: 'video', text: 'x', metadata: {} }, { metadata: {} }],
    [{ type: 'video', text: 'x' }, {}],
    [{ type: 'text', text: 'x' }, { text: 'x' }],
    [{ kind: 'text', type: 'video', text: 'x' }, { text: 'x' }],
    ['x', 'x'],
  ])('reads part %j', (given, expected) => {
    expect(decodedPart(given)).toStrictEqual(expected);
  });

  it('X23: takes the state unknown for unspecified, and passes other states on', () => {
    expect(taskFromV03({ status: { state: 'unknown' } })).toEqual({ status: { state: 'TASK_STATE_UNSPECIFIED' } });
    expect(taskFromV03({ status: { state: 'constructor' } })).toEqual({ status: { state: 'constructor' } });
  });

  it('gives the timestamp of a v0.3 peer its zone', () => {
    const decoded = taskFromV03({ status: { state: 'working', timestamp: '2026-01-02T03:04:05' } });
    expect(decoded.status.timestamp).toBe('2026-01-02T03:04:05.000Z');
  });

  it('knows no stream response without one of the four kinds', () => {
    for (const value of [null, 'x', {}, { kind: 'other' }, []]) expect(streamResponseFromV03(value)).toBeUndefined();
  });
});

describe('v0.3 paths', () => {
  const params = {
    message: {
      parts: [
        { kind: 'file', file: { uri: 5, name: 7 } },
        { kind: 'file', file: { fileWithBytes: '!', mimeType: 1 } },
        { kind: 'file', file: {} },
        { kind: 'text', text: 5, metadata: { a2a_v1_part: { filename: 'f' } } },
      ],
    },
    configuration: { blocking: 'yes', pushNotification: { url: 1, authentication: { schemes: ['Digest', 5] } } },
  };
  const { path } = v03Codec.decode('SendMessage', params);

  it.each([
    ['message.parts[0].url', 'message.parts[0].file.uri'],
    ['message.parts[0].filename', 'message.parts[0].file.name'],
    ['message.parts[1].raw', 'message.parts[1].file.fileWithBytes'],
    ['message.parts[1].mediaType', 'message.parts[1].file.mimeType'],
    ['message.parts[2].raw', 'message.parts[2].file.bytes'],
    ['message.parts[3].text', 'message.parts[3].text'],
    ['message.parts[3].filename', 'message.parts[3].metadata.a2a_v1_part.filename'],
    ['message.parts[0]', 'message.parts[0]'],
    ['message.parts', 'message.parts'],
    ['message.parts[9].url', 'message.parts[9].url'],
    ['configuration.returnImmediately', 'configuration.blocking'],
    ['configuration.taskPushNotificationConfig', 'configuration.pushNotification'],
    ['configuration.taskPushNotificationConfig.url', 'configuration.pushNotification.url'],
    [
      'configuration.taskPushNotificationConfig.authentication.scheme',
      'configuration.pushNotification.authentication.schemes[0]',
    ],
    ['message.role', 'message.role'],
  ])('calls %s what the client calls it', (canonical, expected) => {
    expect(path(canonical)).toBe(expected);
  });

  it('calls a push config by its JSON-RPC name when the client sent none', () => {
    const { path: pathOf } = v03Codec.decode('SendMessage', { configuration: {} });
    expect(pathOf('configuration.taskPushNotificationConfig.url')).toBe('configuration.pushNotificationConfig.url');
  });

  it('calls a missing scheme by the list it is missing from', () => {
    const empty = { configuration: { pushNotificationConfig: { authentication: { schemes: [] } } } };
    const { path: pathOf } = v03Codec.decode('SendMessage', empty);
    expect(pathOf('configuration.taskPushNotificationConfig.authentication.scheme')).toBe(
      'configuration.pushNotificationConfig.authentication.schemes',
    );
  });
});
