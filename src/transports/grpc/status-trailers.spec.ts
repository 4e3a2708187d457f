import { describe, expect, it } from '@jest/globals';
import { decodeErrorInfo, decodeStatus } from '@a2a-js/sdk/errors/grpc';
import * as grpc from '@grpc/grpc-js';
import fc from 'fast-check';
import { A2AError, invalidParams, taskNotFound } from '../../protocol/errors/index.js';
import { statusOf } from './status-trailers.js';

const BIN = 'grpc-status-details-bin';
const detailsOf = (error: unknown) => decodeStatus(statusOf(grpc, error).metadata.get(BIN)[0] as Buffer);

describe('the status of a call that failed', () => {
  it('has code, text and typed details', () => {
    const { code, details } = statusOf(grpc, taskNotFound('t1'));
    expect({ code, details }).toEqual({ code: grpc.status.NOT_FOUND, details: 'Task not found: t1' });
    const status = detailsOf(taskNotFound('t1'));
    expect(status).toMatchObject({ code: 5, message: 'Task not found: t1' });
    expect(decodeErrorInfo(status.details[0]!.value)).toMatchObject({
      reason: 'TASK_NOT_FOUND',
      domain: 'a2a-protocol.org',
    });
  });

  it('shows nothing of what is not an error of the protocol', () => {
    const { code, details, metadata } = statusOf(grpc, new Error('password hunter2 at /srv/app.js'));
    expect({ code, details }).toEqual({ code: grpc.status.INTERNAL, details: 'Internal error' });
    expect((metadata.get(BIN)[0] as Buffer).toString()).not.toMatch(/hunter2|srv/);
  });

  it('passes on headers', () => {
    expect(
      statusOf(grpc, taskNotFound('t'), { 'www-authenticate': 'Bearer' }).metadata.get('www-authenticate'),
    ).toEqual(['Bearer']);
  });

  it('has room in the metadata of any peer, the reason being kept', () => {
    const texts = fc.string({ unit: 'grapheme', maxLength: 3000 });
    const violation = fc.record({ field: texts, description: texts });
    fc.assert(
      fc.property(fc.array(violation, { maxLength: 20 }), texts, (violations, message) => {
        const error = new A2AError('INVALID_PARAMS', message, { violations });
        const { details, metadata } = statusOf(grpc, error);
        expect((metadata.get(BIN)[0] as Buffer).length).toBeLessThanOrEqual(4096);
        expect(details.length).toBeLessThanOrEqual(513);
        expect(() => encodeURI(details)).not.toThrow();
        expect(decodeErrorInfo(detailsOf(error).details[0]!.value)?.reason).toBe('INVALID_PARAMS');
      }),
      { numRuns: 100 },
    );
  });

  it('keeps as many violations as there is room for', () => {
    const violations = Array.from({ length: 20 }, (_, i) => ({ field: `field${i}`, description: 'x'.repeat(300) }));
    const [, badRequest] = detailsOf(invalidParams(violations)).details;
    const text = Buffer.from(badRequest!.value).toString();
    expect(text).toContain('field0');
    expect(text).toContain('field9');
    expect(text).not.toContain('field19');
  });

  it('does not break on halves of surrogate pairs in a text', () => {
    const { details } = statusOf(grpc, new A2AError('UNSUPPORTED_OPERATION', `a\ud800${'b'.repeat(600)}`));
    expect(details.isWellFormed()).toBe(true);
  });

  it('leaves the details out when they alone are too large', () => {
    const error = new A2AError('UNSUPPORTED_OPERATION', 'No.', { metadata: { a: 'x'.repeat(5000) } });
    expect(detailsOf(error)).toMatchObject({ code: 9, message: 'No.', details: [] });
  });
});
