import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { jsonObject, jsonValue } from '../../testing/arbitraries/index.js';
import { field } from './field.js';
import { message } from './message.js';
import { struct, value } from './struct.js';

const holder = message({ any: field(1, value), object: field(2, struct) });
const copied = (json: object): Record<string, unknown> => holder.decode(holder.encode(json));

describe('Struct and Value', () => {
  it('hold any JSON, unchanged', () => {
    fc.assert(
      fc.property(jsonValue(), jsonObject(), (any, object) => {
        expect(JSON.stringify(copied({ any, object }))).toBe(JSON.stringify({ any, object }));
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    null, 0, 1, -1, 1e300, 0.1, 2 ** 53 - 1, '', 'text', true, false, [], [[]], [null, [null]], {}, { a: null }, { '': {} },
    { n: [1, { m: [null, 'x', [2.5]] }] },
  ])('hold %j', (any) => expect(copied({ any })).toEqual({ any })); // prettier-ignore

  it('keep a key __proto__ as an ordinary member, and no prototype comes from outside', () => {
    const object = JSON.parse('{"__proto__":{"admin":true},"a":1}') as Record<string, unknown>;
    const read = copied({ object })['object'] as Record<string, unknown>;
    expect(Object.keys(read)).toEqual(['__proto__', 'a']);
    expect(read['admin']).toBeUndefined();
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
  });

  it('tell null from absent', () => {
    expect(copied({ any: null })).toEqual({ any: null });
    expect(copied({})).toEqual({});
    expect(copied({ object: null })).toEqual({});
  });

  it('take a Value that says nothing for null', () => {
    expect(holder.decode(Buffer.from([10, 0]))).toEqual({ any: null });
  });

  it('pass on NaN and Infinity, which validation refuses', () => {
    expect(copied({ any: Number.NaN })).toEqual({ any: Number.NaN });
    expect(copied({ any: -Infinity })).toEqual({ any: -Infinity });
  });

  it('write undefined as JSON does: not in objects, null in lists', () => {
    expect(copied({ object: { a: undefined, b: [undefined] } })).toEqual({ object: { b: [null] } });
  });

  it('are as deep as JSON may be here, and refused when they have no end', () => {
    const nested = (levels: number): unknown => {
      let json: unknown = 1;
      for (let i = 0; i < levels; i++) json = { a: json };
      return json;
    };
    expect(copied({ any: nested(64) })).toEqual({ any: nested(64) });
    expect(() => copied({ any: nested(1000) })).toThrow('is nested deeper than 256 levels');
  });
});
