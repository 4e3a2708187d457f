import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cloneJson } from './clone-json.js';

describe('cloneJson', () => {
  it('gives an equal value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => expect(JSON.stringify(cloneJson(value))).toBe(JSON.stringify(value))),
    );
  });

  it('shares nothing that can be changed', () => {
    const value = { list: [{ a: 1 }], object: { b: [2] } };
    const copy = cloneJson(value);
    copy.list[0]!.a = 9;
    copy.object.b.push(3);
    expect(value).toEqual({ list: [{ a: 1 }], object: { b: [2] } });
  });

  it('keeps a member named __proto__ a member', () => {
    const value = JSON.parse('{"__proto__":{"polluted":true}}') as object;
    const copy = cloneJson(value);
    expect(JSON.stringify(copy)).toBe(JSON.stringify(value));
    expect((copy as { polluted?: boolean }).polluted).toBeUndefined();
  });
});
