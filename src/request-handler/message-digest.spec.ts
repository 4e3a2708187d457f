import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { JsonObject, JsonValue, Message } from '../protocol/model/index.js';
import { messageDigest } from './message-digest.js';

const message: Message = {
  messageId: 'm1',
  contextId: 'c1',
  taskId: 't1',
  role: 'ROLE_USER',
  parts: [{ text: 'hi' }, { data: { b: [1, null, { y: true, x: 'é' }], a: 0.5 } }],
};

/** The same value with the keys of each object in reverse order. */
function reversed(value: JsonValue): JsonValue {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(reversed);
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, reversed(member)]),
  );
}

describe('messageDigest', () => {
  it('is SHA-256 over JSON with sorted keys, so that replicas of any version agree', () => {
    expect(messageDigest({ messageId: 'm', role: 'ROLE_USER', parts: [{ text: 'hi' }] })).toBe(
      // sha256 of {"parts":[{"text":"hi"}],"role":"ROLE_USER"}
      '658f4006d892ef293102bc8ce35e525a2d80b67f38e4d41e44313e8973de9dcf',
    );
  });

  it('does not depend on the messageId', () => {
    expect(messageDigest({ ...message, messageId: 'other' })).toBe(messageDigest(message));
  });

  it.each<[string, Partial<Message>]>([
    ['contextId', { contextId: 'c2' }],
    ['taskId', { taskId: undefined }],
    ['role', { role: 'ROLE_AGENT' }],
    ['parts', { parts: [{ text: 'hi' }] }],
    ['the order of parts', { parts: message.parts.toReversed() }],
    ['metadata', { metadata: { a: 1 } }],
    ['extensions', { extensions: ['urn:x'] }],
    ['referenceTaskIds', { referenceTaskIds: ['t0'] }],
  ])('depends on %s', (_, change) => {
    expect(messageDigest({ ...message, ...change })).not.toBe(messageDigest(message));
  });

  it.each<[string, Partial<Message>]>([
    ['metadata', { metadata: {} }],
    ['extensions', { extensions: [] }],
    ['referenceTaskIds', { referenceTaskIds: [] }],
    ['contextId', { contextId: '' }],
    ['taskId', { taskId: '' }],
    ['metadata of a part', { parts: [{ text: 'hi', metadata: {} }] }],
    ['filename of a part', { parts: [{ text: 'hi', filename: '' }] }],
    ['mediaType of a part', { parts: [{ text: 'hi', mediaType: '' }] }],
  ])('is the same when the default of %s is written out', (_, written) => {
    const plain: Message = { messageId: 'm', role: 'ROLE_USER', parts: [{ text: 'hi' }] };
    expect(messageDigest({ ...plain, ...written })).toBe(messageDigest(plain));
  });

  it('tells an empty member from an absent one below metadata and data', () => {
    const values: JsonObject[] = [{}, { a: '' }, { a: [] }, { a: {} }];
    const digests = values.flatMap((value) => [
      messageDigest({ ...message, metadata: { value } }),
      messageDigest({ ...message, parts: [{ data: { value } }] }),
      messageDigest({ ...message, parts: [{ text: '', metadata: { value } }] }),
    ]);
    expect(new Set(digests).size).toBe(12);
  });

  it('tells data null, an empty object and an empty list apart', () => {
    const digests = [null, {}, []].map((data) => messageDigest({ ...message, parts: [{ data }] }));
    expect(new Set(digests).size).toBe(3);
  });

  it('does not confuse a key __proto__ with the prototype', () => {
    const withKey = JSON.parse('{"__proto__":{"a":1}}') as JsonObject;
    expect(messageDigest({ ...message, metadata: withKey })).not.toBe(messageDigest({ ...message, metadata: {} }));
  });

  it('does not depend on the order of keys, at any depth', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (data) => {
        const one = { ...message, parts: [{ data: data as JsonValue }] };
        const other = reversed(one as unknown as JsonValue) as unknown as Message;
        expect(messageDigest(other)).toBe(messageDigest(one));
      }),
      { numRuns: 100 },
    );
  });

  it('changes nothing', () => {
    const before = JSON.stringify(message);
    messageDigest(message);
    expect(JSON.stringify(message)).toBe(before);
  });
});
