import { describe, expect, it } from '@jest/globals';
import type { OperationName } from '../operations.js';
import { A2AError, type FieldViolation } from '../errors/index.js';
import { REQUEST_LIMITS, validateRequest, type ValidationOptions } from './index.js';

const send = (change: object = {}, rest: object = {}): Record<string, unknown> => ({
  message: { messageId: 'm1', role: 'ROLE_USER', parts: [{ text: 'hi' }], ...change },
  ...rest,
});
const part = (value: unknown): Record<string, unknown> => send({ parts: [value] });
const configured = (configuration: unknown): Record<string, unknown> => send({}, { configuration });
const validate = (name: OperationName, value: unknown, options?: ValidationOptions) =>
  validateRequest(name, { value, path: (path) => path }, options);

function violations(name: OperationName, value: unknown, options?: ValidationOptions): FieldViolation[] {
  try {
    validate(name, value, options);
  } catch (error) {
    if (error instanceof A2AError && error.reason === 'INVALID_PARAMS') return error.violations;
    throw error;
  }
  return [];
}
const fields = (name: OperationName, value: unknown) => violations(name, value).map(({ field }) => field);

describe('a request that is right', () => {
  const full = {
    tenant: '',
    message: {
      messageId: 'm1',
      contextId: 'c',
      taskId: 't',
      role: 'ROLE_AGENT',
      parts: [
        { text: '', metadata: { a: null }, filename: 'f', mediaType: 'text/plain' },
        { raw: 'aGk=' },
        { raw: '' },
        { url: 'u' },
        { data: null },
        { data: [{ '': [1e300, -0.5] }] },
      ],
      metadata: {},
      extensions: ['urn:x'],
      referenceTaskIds: ['t0'],
    },
    configuration: {
      acceptedOutputModes: [],
      taskPushNotificationConfig: {
        tenant: 'a',
        id: 'i',
        taskId: '',
        url: 'https://a.test',
        token: 'x',
        authentication: { scheme: 'Bearer', credentials: 'y' },
      },
      historyLength: 0,
      returnImmediately: false,
    },
    metadata: { 'https://x.test/ext': { deep: [[[]]] } },
  };

  it('comes back equal, with every field that the protocol knows', () => {
    expect(validate('SendMessage', full)).toEqual(full);
  });

  it('is not mutated, and shares what is under metadata and data', () => {
    const metadata = Object.freeze({ a: Object.freeze([1, 2]) });
    const data = Object.freeze({ kind: 'x', b: null });
    const value = Object.freeze(send({ parts: Object.freeze([Object.freeze({ data, extra: 1 })]) }, { metadata }));
    const request = validateRequest('SendMessage', { value, path: (path) => path });
    expect(request.metadata).toBe(metadata);
    expect(request.message.parts[0]).toEqual({ data });
    expect((request.message.parts[0] as { data: unknown }).data).toBe(data);
  });

  it('loses unknown fields and those that are null, but not data that is null', () => {
    const value = send(
      { kind: 'message', contextId: null, parts: [{ data: null, text: null, kind: 'data' }] },
      { extra: {} },
    );
    expect(validate('SendMessage', value)).toEqual(send({ parts: [{ data: null }] }));
    expect(Object.keys((validate('SendMessage', value) as { message: object }).message)).not.toContain('contextId');
  });

  it('is a plain object, also when keys of Object.prototype were sent', () => {
    const value: unknown = JSON.parse('{"id":"t","__proto__":{"historyLength":1},"constructor":1,"toString":2}');
    const request = validate('GetTask', value);
    expect(Object.getPrototypeOf(request)).toBe(Object.prototype);
    expect(Object.keys(request)).toEqual(['id']);
    expect('historyLength' in request).toBe(false);
  });

  it.each<[OperationName, object]>([
    ['GetTask', { tenant: 'a', id: 't', historyLength: 3 }],
    ['CancelTask', { tenant: 'a', id: 't', metadata: { a: 1 } }],
    ['SubscribeToTask', { tenant: 'a', id: 't' }],
    ['ListTasks', {}],
    [
      'ListTasks',
      {
        tenant: 'a',
        contextId: 'c',
        status: 'TASK_STATE_WORKING',
        pageSize: 100,
        pageToken: '',
        historyLength: 2_147_483_647,
        statusTimestampAfter: '2025-01-31T23:59:59+02:00',
        includeArtifacts: true,
      },
    ],
  ])('%s keeps its fields: %j', (name, value) => {
    expect(validate(name, value)).toEqual(value);
  });

  it('ListTasks of an unspecified status asks for any', () => {
    expect(validate('ListTasks', { status: 'TASK_STATE_UNSPECIFIED' })).toEqual({});
  });
});

describe('a request that is wrong', () => {
  it.each([undefined, null, [], 'x', 1, true])('names params when they are %j', (value) => {
    expect(fields('SendMessage', value)).toEqual(['params']);
    expect(fields('ListTasks', value)).toEqual(['params']);
  });

  const id = 'x'.repeat(512);
  it.each<[OperationName, unknown, string]>([
    ['SendMessage', {}, 'message'],
    ['SendMessage', { message: null }, 'message'],
    ['SendMessage', { message: [send().message] }, 'message'],
    ['SendMessage', send({ messageId: undefined }), 'message.messageId'],
    ['SendMessage', send({ messageId: '' }), 'message.messageId'],
    ['SendMessage', send({ messageId: 7 }), 'message.messageId'],
    ['SendMessage', send({ messageId: `${id}x` }), 'message.messageId'],
    ['SendMessage', send({ messageId: 'é'.repeat(257) }), 'message.messageId'],
    ['SendMessage', send({ messageId: 'a\0b' }), 'message.messageId'],
    ['SendMessage', send({ messageId: 'a\ud800b' }), 'message.messageId'],
    ['SendMessage', send({ contextId: {} }), 'message.contextId'],
    ['SendMessage', send({ taskId: '\udc00' }), 'message.taskId'],
    ['SendMessage', send({ role: 'ROLE_UNSPECIFIED' }), 'message.role'],
    ['SendMessage', send({ role: 'user' }), 'message.role'],
    ['SendMessage', send({ role: undefined }), 'message.role'],
    ['SendMessage', send({ parts: [] }), 'message.parts'],
    ['SendMessage', send({ parts: {} }), 'message.parts'],
    ['SendMessage', send({ parts: undefined }), 'message.parts'],
    ['SendMessage', send({ metadata: [] }), 'message.metadata'],
    ['SendMessage', send({ extensions: 'urn:x' }), 'message.extensions'],
    ['SendMessage', send({ extensions: ['urn:x', 1] }), 'message.extensions[1]'],
    ['SendMessage', send({ referenceTaskIds: ['t', 'u', ''] }), 'message.referenceTaskIds[2]'],
    ['SendMessage', part(null), 'message.parts[0]'],
    ['SendMessage', part([{ text: 'hi' }]), 'message.parts[0]'],
    ['SendMessage', part({}), 'message.parts[0]'],
    ['SendMessage', part({ text: null }), 'message.parts[0]'],
    ['SendMessage', part({ text: 'a', data: null }), 'message.parts[0]'],
    ['SendMessage', part({ text: 1 }), 'message.parts[0].text'],
    ['SendMessage', part({ text: '\0' }), 'message.parts[0].text'],
    ['SendMessage', part({ raw: 'a' }), 'message.parts[0].raw'],
    ['SendMessage', part({ raw: 'a=b=' }), 'message.parts[0].raw'],
    ['SendMessage', part({ raw: 'a===' }), 'message.parts[0].raw'],
    ['SendMessage', part({ raw: 'ab-_' }), 'message.parts[0].raw'],
    ['SendMessage', part({ url: '' }), 'message.parts[0].url'],
    ['SendMessage', part({ text: 'a', metadata: 'x' }), 'message.parts[0].metadata'],
    ['SendMessage', part({ text: 'a', filename: 1 }), 'message.parts[0].filename'],
    ['SendMessage', part({ text: 'a', mediaType: [] }), 'message.parts[0].mediaType'],
    ['SendMessage', part({ data: { a: [0, { 'b c': 'x\0' }] } }), 'message.parts[0].data.a[1]["b c"]'],
    ['SendMessage', part({ data: { a: { 'k\0': 1 } } }), 'message.parts[0].data.a'],
    ['SendMessage', part({ data: { a: { 'k\udfff': 1 } } }), 'message.parts[0].data.a'],
    ['SendMessage', part({ data: JSON.parse('[1e400]') as unknown }), 'message.parts[0].data[0]'],
    ['SendMessage', send({}, { metadata: { a: '\0' } }), 'metadata.a'],
    ['SendMessage', send({}, { tenant: 't\0' }), 'tenant'],
    ['SendMessage', send({}, { tenant: `${id}x` }), 'tenant'],
    ['SendMessage', configured([]), 'configuration'],
    ['SendMessage', configured({ historyLength: -1 }), 'configuration.historyLength'],
    ['SendMessage', configured({ historyLength: 1.5 }), 'configuration.historyLength'],
    ['SendMessage', configured({ historyLength: 2 ** 31 }), 'configuration.historyLength'],
    ['SendMessage', configured({ returnImmediately: 'true' }), 'configuration.returnImmediately'],
    ['SendMessage', configured({ acceptedOutputModes: ['a/b', null] }), 'configuration.acceptedOutputModes[1]'],
    ['SendMessage', configured({ taskPushNotificationConfig: {} }), 'configuration.taskPushNotificationConfig.url'],
    [
      'SendMessage',
      configured({ taskPushNotificationConfig: { url: 'u', authentication: { scheme: '' } } }),
      'configuration.taskPushNotificationConfig.authentication.scheme',
    ],
    ['GetTask', {}, 'id'],
    ['GetTask', { id: '' }, 'id'],
    ['GetTask', { id: 't\0' }, 'id'],
    ['GetTask', { id: 't', historyLength: '1' }, 'historyLength'],
    ['CancelTask', { id: 't', metadata: 1 }, 'metadata'],
    ['SubscribeToTask', { id: [] }, 'id'],
    ['ListTasks', { pageSize: 0 }, 'pageSize'],
    ['ListTasks', { pageSize: 101 }, 'pageSize'],
    ['ListTasks', { status: 'working' }, 'status'],
    ['ListTasks', { pageToken: 1 }, 'pageToken'],
    ['ListTasks', { contextId: '' }, 'contextId'],
    ['ListTasks', { includeArtifacts: 1 }, 'includeArtifacts'],
    ['ListTasks', { statusTimestampAfter: 'yesterday' }, 'statusTimestampAfter'],
  ])('%s %j: the violation names %s', (name, value, field) => {
    expect(fields(name, value)).toEqual([field]);
  });

  it('takes what is just within a limit', () => {
    expect(fields('SendMessage', send({ messageId: id, contextId: 'é'.repeat(256) }))).toEqual([]);
  });

  it('names all offending fields at once', () => {
    const value = send({
      messageId: 1,
      parts: [{ text: 'ok' }, 'x', { raw: '?', metadata: [] }],
      metadata: { a: '\0' },
    });
    expect(fields('SendMessage', value)).toEqual([
      'message.messageId',
      'message.parts[1]',
      'message.parts[2].raw',
      'message.parts[2].metadata',
      'message.metadata.a',
    ]);
  });

  it("uses the client's own names", () => {
    const path = (canonical: string) => canonical.replace(/\.raw$/, '.file.bytes');
    expect(() => validateRequest('SendMessage', { value: part({ raw: '?' }), path })).toThrow(
      /message\.parts\[0\]\.file\.bytes must be base64/,
    );
  });

  it('says what is wrong', () => {
    expect(violations('SendMessage', part({ text: 'a', url: 'b' }))).toEqual([
      {
        field: 'message.parts[0]',
        description:
          'must have exactly one of text, raw, url, data (in v0.3 the member that kind names; a file has one of bytes, uri); it has 2',
      },
    ]);
    expect(violations('GetTask', { id: `${id}x` })).toEqual([
      { field: 'id', description: 'must be at most 512 bytes of UTF-8' },
    ]);
  });
});

describe('a request that is hostile', () => {
  it('is not read beyond the length of a list', () => {
    const untouchable = new Proxy(Array.from({ length: REQUEST_LIMITS.parts + 1 }), {
      get(target, key) {
        if (key === 'length') return target.length;
        throw new Error(`Read ${String(key)}.`);
      },
    });
    expect(fields('SendMessage', send({ parts: untouchable }))).toEqual(['message.parts']);
    expect(fields('SendMessage', send({ extensions: untouchable }))).toEqual(['message.extensions']);
  });

  it('may be as deep as the limit, and not deeper', () => {
    const nested = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth));
    // request, metadata and the 62 arrays make 64 levels
    expect(violations('CancelTask', { id: 't', metadata: { a: nested(62) } })).toEqual([]);
    const [violation] = violations('CancelTask', { id: 't', metadata: { a: nested(63) } });
    expect(violation?.field).toMatch(/^metadata\.a\[0\]\[0\]/);
    expect(violation?.description).toBe('must not be nested deeper than 64 levels');
    expect(violations('CancelTask', { id: 't', metadata: { a: 1 } }, { maxDepth: 1 })).toHaveLength(1);
  });

  it('cannot overflow the stack', () => {
    let deep: unknown = 'x';
    for (let level = 0; level < 100_000; level++) deep = level % 2 ? [deep] : { a: deep };
    expect(violations('SendMessage', part({ data: deep }))).toHaveLength(1);
    const cyclic: Record<string, unknown> = {};
    cyclic['self'] = cyclic;
    expect(violations('SendMessage', send({}, { metadata: cyclic }))).toHaveLength(1);
  });

  it('gets at most so many violations', () => {
    const value = send({ parts: Array.from({ length: 500 }, () => ({ text: 1, raw: 2, metadata: 3 })) });
    expect(violations('SendMessage', value)).toHaveLength(20);
    expect(violations('SendMessage', value, { maxViolations: 3 })).toHaveLength(3);
    expect(
      violations('CancelTask', { id: 't', metadata: { a: Array.from({ length: 500 }, () => '\0') } }),
    ).toHaveLength(20);
  });

  it('is refused whatever the options are', () => {
    expect(violations('GetTask', {}, { maxViolations: 0 })).toHaveLength(1);
    expect(violations('GetTask', {}, { maxViolations: undefined, maxDepth: undefined })).toHaveLength(1);
    expect(violations('GetTask', { id: 't' }, { maxDepth: undefined })).toEqual([]);
  });

  it('gets short and printable violations, however long its keys', () => {
    const metadata = { ['k\n'.repeat(100_000)]: { ['"'.repeat(100_000)]: '\0'.repeat(100_000) } };
    const [violation] = violations('CancelTask', { id: 't', metadata });
    expect(violation!.field.length).toBeLessThanOrEqual(257);
    expect(violation!.field).not.toContain('\n');
    expect(violation!.description.length).toBeLessThanOrEqual(257);
  });
});
