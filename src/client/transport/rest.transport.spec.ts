import { describe, expect, it } from '@jest/globals';
import { A2AClientHTTPError, A2AClientInvalidArgsError, A2ARemoteError } from '../errors/client.errors.js';
import type { OperationName, Requests } from '../../protocol/operations.js';
import { RestTransport } from './rest.transport.js';

const message = { messageId: 'm', role: 'ROLE_USER' as const, parts: [{ text: 'hi' }] };
const wire = new RestTransport('https://agents.example/a/', '1.0');
const old = new RestTransport('https://agents.example/a', '0.3');

const REQUESTS: [OperationName, object, string, string][] = [
  ['SendMessage', { message }, 'POST /message:send', 'POST /v1/message:send'],
  ['SendStreamingMessage', { message }, 'POST /message:stream', 'POST /v1/message:stream'],
  [
    'GetTask',
    { id: 'a/b', historyLength: 0 },
    'GET /tasks/a%2Fb?historyLength=0',
    'GET /v1/tasks/a%2Fb?historyLength=0',
  ],
  [
    'ListTasks',
    { pageSize: 5, includeArtifacts: true },
    'GET /tasks?pageSize=5&includeArtifacts=true',
    'GET /v1/tasks?pageSize=5&includeArtifacts=true',
  ],
  ['CancelTask', { id: 't' }, 'POST /tasks/t:cancel', 'POST /v1/tasks/t:cancel'],
  ['SubscribeToTask', { id: 't' }, 'POST /tasks/t:subscribe', 'GET /v1/tasks/t:subscribe'],
  [
    'CreateTaskPushNotificationConfig',
    { taskId: 't', url: 'u' },
    'POST /tasks/t/pushNotificationConfigs',
    'POST /v1/tasks/t/pushNotificationConfigs',
  ],
  [
    'GetTaskPushNotificationConfig',
    { taskId: 't', id: 'p' },
    'GET /tasks/t/pushNotificationConfigs/p',
    'GET /v1/tasks/t/pushNotificationConfigs/p',
  ],
  [
    'ListTaskPushNotificationConfigs',
    { taskId: 't', pageSize: 2 },
    'GET /tasks/t/pushNotificationConfigs?pageSize=2',
    'GET /v1/tasks/t/pushNotificationConfigs?pageSize=2',
  ],
  [
    'DeleteTaskPushNotificationConfig',
    { taskId: 't', id: 'p' },
    'DELETE /tasks/t/pushNotificationConfigs/p',
    'DELETE /v1/tasks/t/pushNotificationConfigs/p',
  ],
  ['GetExtendedAgentCard', {}, 'GET /extendedAgentCard', 'GET /v1/card'],
];

describe('RestTransport', () => {
  it.each(REQUESTS)('asks for %s where that is', (operation, request, v10, v03) => {
    const made = wire.request(operation, request as Requests[OperationName]);
    expect(`${made.method} ${made.url.replace('https://agents.example/a', '')}`).toBe(v10);
    const older = old.request(operation, request as Requests[OperationName]);
    expect(`${older.method} ${older.url.replace('https://agents.example/a', '')}`).toBe(v03);
    for (const { method, body, contentType } of [made, older]) {
      expect([body !== undefined, contentType !== undefined]).toEqual([method === 'POST', method === 'POST']);
    }
  });

  it('puts the tenant into the path, and nowhere else', () => {
    const { url, body } = wire.request('SendMessage', { tenant: 'a b', message });
    expect([url, JSON.parse(body!)]).toEqual(['https://agents.example/a/a%20b/message:send', { message }]);
    expect(old.request('GetTask', { tenant: 'a', id: 't' }).url).toBe('https://agents.example/a/v1/tasks/t');
  });

  it('keeps the query of its address', () => {
    const keyed = new RestTransport('https://agents.example/a?key=k', '1.0');
    expect(keyed.request('GetTask', { id: 't', historyLength: 1 }).url).toBe(
      'https://agents.example/a/tasks/t?key=k&historyLength=1',
    );
  });

  it.each(['.', '..'])('lets no id lead elsewhere: %s', (id) => {
    expect(() => wire.request('GetTask', { id })).toThrow(A2AClientInvalidArgsError);
    expect(() => wire.request('GetTask', { id: 't', tenant: id })).toThrow(A2AClientInvalidArgsError);
    expect(wire.request('GetTask', { id: '../x' }).url).toBe('https://agents.example/a/tasks/..%2Fx');
  });

  it('puts the id of a task into the path alone', () => {
    expect(wire.request('CancelTask', { id: 't', metadata: { why: 1 } }).body).toBe('{"metadata":{"why":1}}');
  });

  const request = wire.request('SubscribeToTask', { id: 't' });
  const body = {
    error: {
      code: 404,
      status: 'NOT_FOUND',
      message: 'Task not found',
      details: [{ reason: 'TASK_NOT_FOUND', domain: 'a2a-protocol.org' }],
    },
  };

  it('reads errors of the protocol, and those of others by their status', () => {
    expect(() => wire.answer('SubscribeToTask', request, 404, JSON.stringify(body))).toThrow(
      expect.objectContaining({
        name: 'A2ARemoteError',
        reason: 'TASK_NOT_FOUND',
        code: 404,
        message: 'Task not found',
      }) as unknown as Error,
    );
    for (const text of ['<p>no</p>', '', '{"statusCode":404,"message":"no"}']) {
      expect(() => wire.answer('SubscribeToTask', request, 404, text)).toThrow(A2AClientHTTPError);
    }
  });

  it('reads errors in mid-stream, whatever their event is called', () => {
    expect(() => wire.event('SubscribeToTask', request, 'message', JSON.stringify(body))).toThrow(A2ARemoteError);
    expect(() =>
      wire.event('SubscribeToTask', request, 'error', JSON.stringify({ code: -32603, message: 'oops' })),
    ).toThrow(expect.objectContaining({ reason: 'INTERNAL' }) as unknown as Error);
    expect(() => wire.event('SubscribeToTask', request, 'error', '{}')).toThrow(A2AClientHTTPError);
  });
});
