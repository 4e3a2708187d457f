import { describe, expect, it } from '@jest/globals';
import { field, map, oneof, optional, repeated } from './field.js';
import { bool, bytes, enumOf, int32, string } from './field-types.js';
import { message } from './message.js';

const inner = message({ a: field(1, string), b: field(2, string) });
const type = message({
  name: field(1, string),
  count: field(2, int32),
  limit: optional(3, int32),
  flag: optional(4, bool),
  state: field(5, enumOf('NONE', 'ONE', 'TWO')),
  text: oneof(6, string),
  raw: oneof(7, bytes),
  inner: oneof(8, inner),
  list: repeated(9, inner),
  scopes: map(10, string),
  byName: map(11, inner),
});
const copied = (json: object): Record<string, unknown> => type.decode(type.encode(json));
const both = (...parts: object[]): Buffer => Buffer.concat(parts.map((part) => type.encode(part)));

describe('a message type', () => {
  it('does not send defaults where the field has no presence', () => {
    expect(type.encode({ name: '', count: 0, state: 'NONE', list: [], scopes: {} })).toHaveLength(0);
  });

  it('keeps defaults apart from unset where the field has presence', () => {
    for (const json of [{ limit: 0 }, { flag: false }, { text: '' }, { raw: '' }, { inner: {} }])
      expect(copied(json)).toEqual(json);
  });

  it('takes a default that was sent for unset where the field has no presence', () => {
    expect(type.decode(Buffer.from([10, 0, 16, 0, 40, 0]))).toEqual({});
  });

  it('takes null for unset, and leaves out what it does not know', () => {
    expect(copied({ name: null, limit: null, other: 1 })).toEqual({});
  });

  it('names enums, and passes on numbers that have no name', () => {
    expect(copied({ state: 'TWO' })).toEqual({ state: 'TWO' });
    expect(copied({ state: 7 })).toEqual({ state: 7 });
    expect(copied({ state: -1 })).toEqual({ state: -1 });
    expect(copied({ state: 'ELEVEN' })).toEqual({});
  });

  it('holds lists and maps in order, __proto__ being a key like others', () => {
    const json = JSON.parse(
      '{"list":[{"a":"1"},{},{"b":"2"}],"scopes":{"b":"1","a":"","__proto__":"x"},"byName":{"k":{}}}',
    ) as object;
    expect(JSON.stringify(copied(json))).toBe(JSON.stringify(json));
  });

  it('lets the last of a oneof count, and merges the messages of one field', () => {
    expect(type.decode(both({ text: 'a' }, { raw: 'QQ==' }))).toEqual({ raw: 'QQ==' });
    expect(type.decode(both({ inner: { a: '1' } }, { inner: { b: '2' } }))).toEqual({ inner: { a: '1', b: '2' } });
    expect(type.decode(both({ name: 'a' }, { name: 'b' }))).toEqual({ name: 'b' });
  });

  it('passes over fields that it does not know, of any kind', () => {
    const newer = message({
      name: field(1, string),
      a: field(100, string),
      b: field(101, int32),
      c: field(102, inner),
      limit: optional(3, int32),
    });
    const bytes = newer.encode({ name: 'n', a: 'x', b: -5, c: { a: 'y' }, limit: 3 });
    const fixed = Buffer.from([0xa1, 6, 1, 2, 3, 4, 5, 6, 7, 8, 0xa5, 6, 1, 2, 3, 4]);
    expect(type.decode(Buffer.concat([fixed, bytes]))).toEqual({ name: 'n', limit: 3 });
  });

  it('passes over a field that it knows with another wire type', () => {
    const other = message({ name: field(1, int32), count: field(2, string) });
    expect(type.decode(other.encode({ name: 5, count: 'x' }))).toEqual({});
  });
});
