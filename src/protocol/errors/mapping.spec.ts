import { describe, expect, it } from '@jest/globals';
import { A2AError, type ErrorReason } from './a2a.error.js';
import { invalidParams, taskNotFound, unavailable } from './errors.js';
import { grpcStatus, toGrpcError } from './grpc.mapping.js';
import { httpStatus, httpStatusOf, toHttpErrorBody } from './http.mapping.js';
import { jsonRpcCode, toJsonRpcError } from './json-rpc.mapping.js';
import { WIRE_CODES } from './wire-codes.table.js';

const REASONS = Object.keys(WIRE_CODES) as ErrorReason[];
const INFO = 'type.googleapis.com/google.rpc.ErrorInfo';

describe('codes of the wires', () => {
  it.each([
    ['TASK_NOT_FOUND', -32001, 404, 5, 'NOT_FOUND'],
    ['TASK_NOT_CANCELABLE', -32002, 400, 9, 'FAILED_PRECONDITION'],
    ['PUSH_NOTIFICATION_NOT_SUPPORTED', -32003, 400, 9, 'FAILED_PRECONDITION'],
    ['UNSUPPORTED_OPERATION', -32004, 400, 9, 'FAILED_PRECONDITION'],
    ['CONTENT_TYPE_NOT_SUPPORTED', -32005, 400, 3, 'INVALID_ARGUMENT'],
    ['INVALID_AGENT_RESPONSE', -32006, 500, 13, 'INTERNAL'],
    ['EXTENDED_AGENT_CARD_NOT_CONFIGURED', -32007, 400, 9, 'FAILED_PRECONDITION'],
    ['EXTENSION_SUPPORT_REQUIRED', -32008, 400, 9, 'FAILED_PRECONDITION'],
    ['VERSION_NOT_SUPPORTED', -32009, 400, 9, 'FAILED_PRECONDITION'],
    ['PARSE_ERROR', -32700, 400, 3, 'INVALID_ARGUMENT'],
    ['INVALID_REQUEST', -32600, 400, 3, 'INVALID_ARGUMENT'],
    ['METHOD_NOT_FOUND', -32601, 404, 12, 'UNIMPLEMENTED'],
    ['INVALID_PARAMS', -32602, 400, 3, 'INVALID_ARGUMENT'],
    ['INTERNAL', -32603, 500, 13, 'INTERNAL'],
    ['UNAUTHENTICATED', -32041, 401, 16, 'UNAUTHENTICATED'],
    ['PERMISSION_DENIED', -32043, 403, 7, 'PERMISSION_DENIED'],
    ['RESOURCE_EXHAUSTED', -32049, 429, 8, 'RESOURCE_EXHAUSTED'],
    ['OVERLOADED', -32058, 503, 8, 'RESOURCE_EXHAUSTED'],
    ['UNAVAILABLE', -32053, 503, 14, 'UNAVAILABLE'],
  ] as const)('J7: %s is JSON-RPC %i, HTTP %i, gRPC %i %s', (reason, jsonRpc, http, code, status) => {
    expect([jsonRpcCode(reason), httpStatus(reason)]).toEqual([jsonRpc, http]);
    expect(grpcStatus(reason)).toEqual({ code, status });
  });

  it('give each error a JSON-RPC code of its own', () => {
    expect(new Set(REASONS.map(jsonRpcCode)).size).toBe(REASONS.length);
  });
});

describe('toJsonRpcError', () => {
  it('J7: puts typed details in an array for v1.0', () => {
    expect(toJsonRpcError(taskNotFound('t1'), '1.0')).toEqual({
      code: -32001,
      message: 'Task not found: t1',
      data: [{ '@type': INFO, reason: 'TASK_NOT_FOUND', domain: 'a2a-protocol.org', metadata: { taskId: 't1' } }],
    });
  });

  it('names violations and the time to retry', () => {
    const violations = [{ field: 'message.parts', description: 'must not be empty' }];
    const error = new A2AError('INVALID_PARAMS', 'bad', { violations, retryAfter: 1.5 });
    expect(toJsonRpcError(error, '1.0').data).toEqual([
      { '@type': INFO, reason: 'INVALID_PARAMS', domain: 'a2a-protocol.org', metadata: {} },
      { '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: violations },
      { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '1.5s' },
    ]);
  });

  it('X22: puts one plain object for v0.3', () => {
    const violations = [{ field: 'id', description: 'is missing' }];
    expect(toJsonRpcError(taskNotFound('t1'), '0.3').data).toEqual({
      reason: 'TASK_NOT_FOUND',
      metadata: { taskId: 't1' },
    });
    expect(toJsonRpcError(invalidParams(violations), '0.3').data).toEqual({ reason: 'INVALID_PARAMS', violations });
    expect(toJsonRpcError(unavailable('later'), '0.3').data).toEqual({ reason: 'UNAVAILABLE', retryAfter: 1 });
  });

  it.each([
    ['an error of another kind', new Error('password=hunter2')],
    ['a text', 'password=hunter2'],
    ['nothing', undefined],
    ['an imitation', { name: 'A2AError', reason: 'TASK_NOT_FOUND', message: 'password=hunter2', metadata: {} }],
    ['an unknown reason', new A2AError('toString' as ErrorReason, 'password=hunter2')],
  ])('shows nothing of %s', (_name, thrown) => {
    for (const version of ['1.0', '0.3'] as const) {
      const error = toJsonRpcError(thrown, version);
      expect(error).toMatchObject({ code: -32603, message: 'Internal error' });
      expect(JSON.stringify(error)).not.toContain('hunter2');
    }
    expect(httpStatusOf(thrown)).toBe(500);
  });

  it('never shows the cause of an error', () => {
    const error = new A2AError('UNAVAILABLE', 'later', { cause: new Error('hunter2') });
    expect(JSON.stringify([toJsonRpcError(error, '1.0'), toHttpErrorBody(error), toGrpcError(error)])).not.toContain(
      'hunter2',
    );
  });

  it('sends only text in the metadata, and no time to retry that is none', () => {
    const metadata = { taskId: 't', count: 5, nested: {} } as unknown as Record<string, string>;
    const error = new A2AError('INTERNAL', 'x', { metadata, retryAfter: Number.NaN });
    expect(toJsonRpcError(error, '0.3').data).toEqual({ reason: 'INTERNAL', metadata: { taskId: 't' } });
    expect(toJsonRpcError(new A2AError('INTERNAL', 'x', { retryAfter: -3 }), '0.3').data).toMatchObject({
      retryAfter: 0,
    });
  });
});

describe('toHttpErrorBody and toGrpcError', () => {
  const details = [{ '@type': INFO, reason: 'TASK_NOT_FOUND', domain: 'a2a-protocol.org', metadata: { taskId: 't1' } }];

  it('J7: write a google.rpc.Status for HTTP', () => {
    expect(toHttpErrorBody(taskNotFound('t1'))).toEqual({
      error: { code: 404, status: 'NOT_FOUND', message: 'Task not found: t1', details },
    });
  });

  it('J7: give gRPC its code, name and details', () => {
    expect(toGrpcError(taskNotFound('t1'))).toEqual({
      code: 5,
      status: 'NOT_FOUND',
      message: 'Task not found: t1',
      details,
    });
  });
});
