import { describe, expect, it } from '@jest/globals';
import { requestRef } from './request-ref.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;
const idOf = (sent: unknown, given?: unknown): string => requestRef({ 'x-request-id': sent }, given).id;

describe('the id of a request', () => {
  it.each(['7', 'req:2024/01=x', 'a'.repeat(128), '01JAV.Z_~+@-'])('is that of the client: %s', (id) => {
    expect(idOf(id)).toBe(id);
  });

  it.each([undefined, '', ' ', 'a b', 'a\nb', 'ä', '"', '<a>', 'a'.repeat(129), ['a', 'b'], 'a, b'])(
    'is made here when the client sends %j',
    (sent) => {
      expect(idOf(sent)).toMatch(UUID);
      expect(idOf(sent)).not.toBe(idOf(sent));
    },
  );

  it('is the one that the application gave it', () => {
    expect(idOf('theirs', 'ours')).toBe('ours');
    expect(idOf('theirs', 'not valid')).toBe('theirs');
  });
});

describe('the trace id of a request', () => {
  const traceIdOf = (traceparent: unknown): string | undefined => requestRef({ traceparent }, undefined).traceId;

  it.each([`00-${TRACE}-00f067aa0ba902b7-01`, `01-${TRACE}-00f067aa0ba902b7-00-more`])('is in %s', (traceparent) => {
    expect(traceIdOf(traceparent)).toBe(TRACE);
  });

  it.each([
    undefined,
    '',
    `ff-${TRACE}-00f067aa0ba902b7-01`,
    `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `00-${TRACE.toUpperCase()}-00f067aa0ba902b7-01`,
    `00-${TRACE}-00f067aa0ba902b7-01x`,
    `00-${TRACE}`,
  ])('is not in %s', (traceparent) => {
    expect(traceIdOf(traceparent)).toBeUndefined();
  });
});
