import { describe, expect, it } from '@jest/globals';
import {
  A2AClientHTTPError,
  A2AClientJSONError,
  A2AClientUnsupportedError,
  A2ARemoteError,
} from '../errors/client.errors.js';
import { JsonRpcTransport } from './json-rpc.transport.js';

const wire = new JsonRpcTransport('https://agents.example/a', '1.0');
const old = new JsonRpcTransport('https://agents.example/a', '0.3');
const request = wire.request('GetTask', { id: 't' });
const task = { id: 't', contextId: 'c', status: { state: 'TASK_STATE_WORKING' } };
const answer = (value: unknown, status = 200) =>
  wire.answer('GetTask', request, status, typeof value === 'string' ? value : JSON.stringify(value));

describe('JsonRpcTransport', () => {
  it('calls the methods of its version', () => {
    const methodOf = ({ body }: { body?: string }): unknown => (JSON.parse(body!) as { method: unknown }).method;
    expect(methodOf(request)).toBe('GetTask');
    expect(methodOf(old.request('SubscribeToTask', { id: 't' }))).toBe('tasks/resubscribe');
    expect(() => old.request('ListTasks', {})).toThrow(A2AClientUnsupportedError);
  });

  it('gives each request an id of its own, and takes an answer to that one only', () => {
    expect(wire.request('GetTask', { id: 't' }).id).not.toBe(request.id);
    expect(answer({ jsonrpc: '2.0', id: request.id, result: task })).toEqual(task);
    expect(() => answer({ jsonrpc: '2.0', id: 'other', result: task })).toThrow(A2AClientJSONError);
  });

  it('takes an error whose id is null, as servers send it that could not read the request', () => {
    expect(() =>
      answer({ jsonrpc: '2.0', id: null, error: { code: -32700, message: 'Invalid JSON payload' } }),
    ).toThrow(A2ARemoteError);
  });

  it('takes the error of the body whatever the status is, and the status where there is none', () => {
    const error = { jsonrpc: '2.0', id: null, error: { code: -32001, message: 'Task not found' } };
    expect(() => answer(error, 404)).toThrow(A2ARemoteError);
    expect(() => answer('<p>Bad gateway</p>', 502)).toThrow(
      new A2AClientHTTPError(502, 'The agent answered with HTTP 502.'),
    );
    expect(() => answer('{"statusCode":404}', 404)).toThrow(A2AClientHTTPError);
  });

  it.each(['', 'html', '[]', '{}', 'null', '{"id":1}', '['.repeat(1000)])('takes no %p for an answer', (text) => {
    expect(() => answer(text)).toThrow(A2AClientJSONError);
  });

  it('takes the answer of a v0.3 server that leaves the kind out', () => {
    const sending = old.request('SendMessage', { message: { messageId: 'm', role: 'ROLE_USER', parts: [] } });
    const read = (result: object) =>
      old.answer('SendMessage', sending, 200, JSON.stringify({ jsonrpc: '2.0', id: sending.id, result }));
    expect(read({ id: 't', contextId: 'c', status: { state: 'working' } })).toEqual({ task });
    expect(read({ messageId: 'm', role: 'agent', parts: [{ kind: 'text', text: 'hi' }] })).toEqual({
      message: { messageId: 'm', role: 'ROLE_AGENT', parts: [{ text: 'hi' }] },
    });
    expect(() => read({ kind: 'poem' })).toThrow(A2AClientJSONError);
    expect(() => read({ kind: 'status-update', taskId: 't', status: { state: 'working' } })).toThrow(
      A2AClientJSONError,
    );
  });
});
