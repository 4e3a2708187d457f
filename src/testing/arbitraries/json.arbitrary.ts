import fc from 'fast-check';
import type { JsonObject, JsonValue } from '../../protocol/model/index.js';

/** As it comes from the wire: no `undefined`, no -0, keys such as `__proto__` being own properties. */
const parsed = <T>(value: unknown): T => JSON.parse(JSON.stringify(value)) as T;

/** For `fc.record`: ordinary objects, as `JSON.parse` makes them. */
export const PLAIN = { noNullPrototype: true } as const;

/** Any JSON value, as `JSON.parse` makes it. */
export const jsonValue = (): fc.Arbitrary<JsonValue> =>
  fc.jsonValue({ maxDepth: 3 }).map((value) => parsed<JsonValue>(value));

/** Keys that are likely to be mistaken for something of ours, or for something of the language. */
const awkwardKey = fc.constantFrom(
  'a2a_v1_part',
  'data_part_compat',
  'filename',
  'value',
  'kind',
  '__proto__',
  'constructor',
  '',
);

/** A JSON object; about every other key is an awkward one. */
export const jsonObject = (): fc.Arbitrary<JsonObject> =>
  fc
    .array(fc.tuple(fc.oneof(awkwardKey, fc.string({ maxLength: 8 })), jsonValue()), { maxLength: 4 })
    .map((entries) => parsed<JsonObject>(Object.fromEntries(entries)));

/** Any text, also beyond the BMP; well-formed. */
export const text = (maxLength = 20): fc.Arbitrary<string> => fc.string({ unit: 'grapheme', maxLength });

/** Text fit for an id: not empty, at most 512 UTF-8 bytes, no U+0000. */
export const id = (): fc.Arbitrary<string> =>
  fc.oneof(fc.uuid({ version: 7 }), fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 24 }));

/** RFC 3339 in UTC with milliseconds. */
export const timestamp = (): fc.Arbitrary<string> =>
  fc
    .date({ min: new Date('1970-01-01T00:00:00Z'), max: new Date('2200-01-01T00:00:00Z'), noInvalidDate: true })
    .map((date) => date.toISOString());
