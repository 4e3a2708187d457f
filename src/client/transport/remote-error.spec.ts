import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  A2AError,
  type ErrorReason,
  toHttpErrorBody,
  httpStatus,
  toJsonRpcError,
} from '../../protocol/errors/index.js';
import { WIRE_CODES } from '../../protocol/errors/wire-codes.table.js';
import { hostileJson } from '../../testing/arbitraries/index.js';
import { A2ARemoteError } from '../errors/client.errors.js';
import { fromHttpError, fromJsonRpcError } from './remote-error.js';

const REASONS = Object.keys(WIRE_CODES) as ErrorReason[];

describe('errors of an agent', () => {
  it.each(REASONS)('are what this server meant: %s', (reason) => {
    const error = new A2AError(reason, 'Says why', {
      metadata: { taskId: 't' },
      violations: [{ field: 'message', description: 'is required' }],
      retryAfter: 1.5,
    });
    const meant = {
      reason,
      message: 'Says why',
      metadata: error.metadata,
      violations: error.violations,
      retryAfter: 1.5,
    };
    for (const version of ['1.0', '0.3'] as const) {
      expect(fromJsonRpcError(JSON.parse(JSON.stringify(toJsonRpcError(error, version))))).toMatchObject(meant);
    }
    expect(fromHttpError(httpStatus(reason), JSON.parse(JSON.stringify(toHttpErrorBody(error))))).toMatchObject(meant);
  });

  it('are told by their code when they say no more', () => {
    expect(fromJsonRpcError({ code: -32001, message: 'gone' })).toMatchObject({
      reason: 'TASK_NOT_FOUND',
      code: -32001,
      message: 'gone',
    });
    expect(fromJsonRpcError({ code: -32099, message: 'odd' }).reason).toBeUndefined();
    expect(fromHttpError(401, { error: { message: 'who?' } })).toMatchObject({ reason: 'UNAUTHENTICATED', code: 401 });
    expect(fromHttpError(404, { error: {} })).toMatchObject({
      reason: undefined,
      message: 'The agent answered with the error 404.',
    });
    expect(fromHttpError(400, { code: -32602, message: 'v0.3' })).toMatchObject({
      reason: 'INVALID_PARAMS',
      code: -32602,
    });
    expect(fromHttpError(404, { statusCode: 404, message: 'of a framework' })).toBeUndefined();
  });

  it('have bounded texts without control characters', () => {
    const { message, metadata, violations } = fromJsonRpcError({
      code: -32000,
      message: `line\n\u0007${'x'.repeat(5000)}`,
      data: [
        { metadata: Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`k${i}`, 'v'.repeat(5000)])) },
        { fieldViolations: Array.from({ length: 200 }, () => ({ field: 'f'.repeat(5000), description: 'd' })) },
      ],
    });
    expect(message).toHaveLength(1025);
    expect(message).not.toMatch(/\p{Cc}/u);
    expect([Object.keys(metadata).length, violations.length]).toEqual([100, 100]);
    expect(violations[0]!.field.length).toBeLessThan(1100);
  });

  it('are errors whatever they look like', () => {
    fc.assert(
      fc.property(hostileJson(), fc.integer({ min: 300, max: 599 }), (value, status) => {
        expect(fromJsonRpcError(value)).toBeInstanceOf(A2ARemoteError);
        const error = fromHttpError(status, value);
        if (error) expect(error.message.length).toBeGreaterThan(0);
      }),
      { numRuns: 200 },
    );
  });
});
