import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hostileJson, jsonValue, sendMessageRequest, streamResponse } from '../../testing/arbitraries/index.js';
import type { OperationName } from '../operations.js';
import type { Task } from '../model/index.js';
import { v10Codec } from './v1-0.codec.js';

const REQUESTS: OperationName[] = ['SendMessage', 'GetTask', 'ListTasks', 'CancelTask', 'SubscribeToTask'];
const decode = (request: OperationName, params: unknown): unknown => v10Codec.decode(request, params).value;
const decodePart = (part: unknown): unknown => {
  const { message } = decode('SendMessage', { message: { parts: [part] } }) as { message: { parts: unknown[] } };
  return message.parts[0];
};

describe('v1.0 decoding', () => {
  it('gives a canonical request back unchanged', () => {
    fc.assert(
      fc.property(sendMessageRequest(), (request) => {
        expect(decode('SendMessage', request)).toEqual(request);
      }),
      { numRuns: 100 },
    );
  });

  it('never throws, whatever the params are', () => {
    const anything = fc.oneof(hostileJson(), fc.anything({ withBigInt: true, withNullPrototype: true }));
    fc.assert(
      fc.property(fc.constantFrom(...REQUESTS), anything, (request, params) => {
        const { path } = v10Codec.decode(request, params);
        expect(path('message.parts[0].url')).toBe('message.parts[0].url');
      }),
      { numRuns: 200 },
    );
  });

  it('passes on what is no object, so that validation names it', () => {
    for (const params of [undefined, null, 'text', 5, true, ['x']]) expect(decode('GetTask', params)).toBe(params);
    expect(decode('SendMessage', { message: 'hi', configuration: 7 })).toEqual({ message: 'hi', configuration: 7 });
    expect(decode('SendMessage', { message: { parts: 'hi' } })).toEqual({ message: { parts: 'hi' } });
    expect(decode('SendMessage', { message: { parts: ['hi', null] } })).toEqual({ message: { parts: ['hi', null] } });
  });

  it('takes the proto names of fields, the JSON name going first', () => {
    const snake = {
      message: {
        message_id: 'm',
        context_id: 'c',
        reference_task_ids: ['t'],
        parts: [{ media_type: 'a/b', text: '' }],
      },
    };
    const camel = {
      message: { messageId: 'm', contextId: 'c', referenceTaskIds: ['t'], parts: [{ mediaType: 'a/b', text: '' }] },
    };
    expect(decode('SendMessage', snake)).toEqual(camel);
    expect(decode('ListTasks', { page_size: 5, pageSize: 7, status_timestamp_after: 'x' })).toEqual({
      pageSize: 7,
      statusTimestampAfter: 'x',
    });
    expect(decode('SendMessage', { configuration: { task_push_notification_config: { task_id: 't' } } })).toEqual({
      configuration: { taskPushNotificationConfig: { taskId: 't' } },
    });
  });

  it('reads null as unset, but not under data', () => {
    expect(decode('GetTask', { id: 'a', historyLength: null, tenant: null })).toEqual({ id: 'a' });
    expect(decodePart({ data: null, text: null, metadata: null })).toEqual({ data: null });
  });

  it('reads enums by number and by name, and passes unknown ones on', () => {
    const role = (value: unknown): unknown => decode('SendMessage', { message: { role: value } });
    expect(role(1)).toEqual({ message: { role: 'ROLE_USER' } });
    expect(role('ROLE_AGENT')).toEqual({ message: { role: 'ROLE_AGENT' } });
    expect(role('toString')).toEqual({ message: { role: 'toString' } });
    expect(role(9)).toEqual({ message: { role: 9 } });
    expect(decode('ListTasks', { status: 6 })).toEqual({ status: 'TASK_STATE_INPUT_REQUIRED' });
    expect(decode('ListTasks', { status: 'TASK_STATE_BOGUS' })).toEqual({ status: 'TASK_STATE_BOGUS' });
  });

  it('takes an unspecified status of ListTasks for no filter', () => {
    expect(decode('ListTasks', { status: 0 })).toEqual({});
    expect(decode('ListTasks', { status: 'TASK_STATE_UNSPECIFIED' })).toEqual({});
  });

  it.each([
    ['standard', 'qrvM/+8=', 'qrvM/+8='],
    ['without padding', 'qrvM/+8', 'qrvM/+8='],
    ['URL-safe', 'qrvM_-8=', 'qrvM/+8='],
    ['URL-safe without padding', 'qrvM_-8', 'qrvM/+8='],
    ['empty', '', ''],
  ])('normalises base64: %s', (_name, given, expected) => {
    expect(decodePart({ raw: given })).toEqual({ raw: expected });
  });

  it.each(['A', 'AB=', 'ABC==', '====', 'A=BC', 'AB C', 'QUJD\n', 'Ä', 5])(
    'leaves %p alone, which is not base64',
    (given) => {
      expect(decodePart({ raw: given })).toEqual({ raw: given });
    },
  );

  it('normalises base64 of any bytes to what Buffer writes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.boolean(), (bytes, urlSafe) => {
        const standard = Buffer.from(bytes).toString('base64');
        const given = urlSafe ? Buffer.from(bytes).toString('base64url') : standard.replace(/=+$/, '');
        expect(decodePart({ raw: given })).toEqual({ raw: standard });
      }),
      { numRuns: 100 },
    );
  });

  it('reads whole numbers from text, and passes other text on', () => {
    const length = (value: unknown): unknown =>
      (decode('GetTask', { historyLength: value }) as { historyLength: unknown }).historyLength;
    expect(['12', '-3', '1e2', '2.0', '-0'].map(length)).toEqual([12, -3, 100, 2, 0]);
    for (const given of ['', ' 1', '1.5', '0x10', '1e999', '9'.repeat(400), 'NaN', 1.5, true])
      expect(length(given)).toBe(given);
  });

  it('drops unknown fields and never alters metadata or data', () => {
    const untouched = JSON.parse('{"message_id":null,"__proto__":{"polluted":true},"parts":[{"x_y":null}]}') as unknown;
    const request = {
      message: { parts: [{ data: untouched, metadata: untouched, extra: 1 }], kind: 'message' },
      metadata: untouched,
    };
    const decoded = decode('SendMessage', request) as {
      message: { parts: { data: unknown; metadata: unknown }[] };
      metadata: unknown;
    };
    expect(decoded).toEqual({ message: { parts: [{ data: untouched, metadata: untouched }] }, metadata: untouched });
    expect(decoded.metadata).toBe(untouched);
    expect(decoded.message.parts[0]?.data).toBe(untouched);
  });

  it('gives a __proto__ in the input no effect', () => {
    const params = JSON.parse('{"__proto__":{"id":"evil"},"historyLength":1}') as unknown;
    const decoded = decode('GetTask', params) as { id?: string };
    expect(decoded.id).toBeUndefined();
    expect(Object.getPrototypeOf(decoded)).toBe(Object.prototype);
    expect(decode('GetTask', Object.create({ id: 'inherited' }))).toEqual({});
  });
});

describe('v1.0 encoding', () => {
  const task: Task = { id: 't', contextId: 'c', status: { state: 'TASK_STATE_WORKING' } };

  it('sends canonical objects as they are', () => {
    expect(v10Codec.encode.Task(task)).toBe(task);
    fc.assert(
      fc.property(streamResponse(), fc.boolean(), (response, final) => {
        expect(v10Codec.encode.StreamResponse(response, final)).toBe(response);
      }),
      { numRuns: 20 },
    );
  });

  it('sends all four members of a task list, and no others', () => {
    const response = { tasks: [], nextPageToken: '', pageSize: 50, totalSize: 0, cursor: 'inner' };
    expect(v10Codec.encode.ListTasksResponse(response)).toEqual({
      tasks: [],
      nextPageToken: '',
      pageSize: 50,
      totalSize: 0,
    });
  });

  it('decodes any JSON value under data to the same value', () => {
    fc.assert(
      fc.property(jsonValue(), (data) => {
        expect(decodePart({ data })).toEqual({ data });
      }),
      { numRuns: 50 },
    );
  });
});

describe('ids of a message that are empty text', () => {
  it('count as left out, as a proto3 string does', () => {
    const message = { messageId: 'm', contextId: '', task_id: '', role: 'ROLE_USER', parts: [{ text: '' }] };
    const { value } = v10Codec.decode('SendMessage', { message });
    expect(value).toEqual({ message: { messageId: 'm', role: 'ROLE_USER', parts: [{ text: '' }] } });
    expect(v10Codec.decode('ListTasks', { contextId: '' }).value).toEqual({});
  });
});
