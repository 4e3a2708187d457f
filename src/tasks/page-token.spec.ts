import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anyText } from '../testing/arbitraries/text.arbitrary.js';
import { decodePageToken, encodePageToken } from './page-token.js';

const scope = { owner: 'o', tenant: 't', agent: 'a' };
const position = { statusAt: '2030-01-02T03:04:05.678Z', taskId: '019a0000-0000-7000-8000-000000000001' };
const refusal = expect.objectContaining({
  reason: 'INVALID_PARAMS',
  violations: [{ field: 'pageToken', description: expect.any(String) }],
});
const forged = (content: unknown): string => Buffer.from(JSON.stringify(content)).toString('base64url');
const thrownBy = (act: () => unknown): unknown => {
  try {
    return act();
  } catch (error) {
    return error;
  }
};

describe('page token', () => {
  it('gives back the position that it was made of', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1970-01-01'), max: new Date('9999-01-01'), noInvalidDate: true }),
        fc.uuid(),
        fc.record({ owner: fc.string(), tenant: fc.string(), agent: fc.string() }),
        fc.record({ contextId: fc.string() }, { requiredKeys: [] }),
        (date, taskId, caller, query) => {
          const where = { statusAt: date.toISOString(), taskId };
          const pageToken = encodePageToken(where, query, caller);
          expect(pageToken).toMatch(/^[\w-]+$/);
          expect(decodePageToken({ ...query, pageToken }, caller)).toEqual(where);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('is not needed for the first page', () => {
    expect(decodePageToken({}, scope)).toBeUndefined();
    expect(decodePageToken({ pageToken: '' }, scope)).toBeUndefined();
  });

  it('takes filters of the same meaning as the same', () => {
    const pageToken = encodePageToken(position, { statusTimestampAfter: '2030-01-01T00:00:00Z', contextId: '' }, scope);
    const query = { statusTimestampAfter: '2030-01-01T01:00:00.000+01:00', pageSize: 7, pageToken };
    expect(decodePageToken(query, scope)).toEqual(position);
  });

  it('is refused with other filters or for another caller', () => {
    const pageToken = encodePageToken(position, { contextId: 'c' }, scope);
    expect(thrownBy(() => decodePageToken({ contextId: 'd', pageToken }, scope))).toEqual(refusal);
    for (const part of ['owner', 'tenant', 'agent']) {
      const other = { ...scope, [part]: 'else' };
      expect(thrownBy(() => decodePageToken({ contextId: 'c', pageToken }, other))).toEqual(refusal);
    }
  });

  it('is refused when its content is not what the storage can read', () => {
    const { t, i, f } = JSON.parse(Buffer.from(encodePageToken(position, {}, scope), 'base64url').toString()) as Record<
      string,
      string
    >;
    expect(decodePageToken({ pageToken: forged({ t, i, f }) }, scope)).toEqual(position);
    const contents = [
      { t: 'now', i, f },
      { t: '2030-02-30T00:00:00.000Z', i, f },
      { t: '0000-01-01T00:00:00.000Z', i, f },
      { t: '2030-01-01T24:00:00.000Z', i, f },
      { t: 5, i, f },
      { t, i: 'a\u0000b', f },
      { t, i: '\ud800', f },
      { t, i: 'x'.repeat(513), f },
      { t, i },
      [t, i, f],
      null,
      'text',
    ];
    for (const content of contents)
      expect(thrownBy(() => decodePageToken({ pageToken: forged(content) }, scope))).toEqual(refusal);
  });

  it('is refused when it is arbitrary text', () => {
    fc.assert(
      fc.property(anyText({ minLength: 1 }), (pageToken) => {
        expect(thrownBy(() => decodePageToken({ pageToken }, scope))).toEqual(refusal);
      }),
      { numRuns: 200 },
    );
  });
});
