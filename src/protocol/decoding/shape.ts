import { isObject } from '../../common/is-object.js';
/** Turns one value of a request into canonical form. Passes on what it cannot read, so that validation names it. Never throws. */
export type Decode = (value: unknown) => unknown;

/** A member and the names it may have on the wire; the first that is there (and not null) counts. */
export interface Field {
  readonly from: readonly string[];
  readonly decode: Decode;
}

/** Text, booleans, and objects that nobody may alter (`google.protobuf.Struct`). */
export const asIs: Decode = (value) => value;

/** Text without presence (a proto3 `string`): empty means unset. */
export const optionalText: Decode = (value) => (value === '' ? undefined : value);

/** `google.protobuf.Value`: the one type for which null is a value, and not "unset". */
export const jsonValue: Decode = (value) => value;

export const field = (from: string | readonly string[], decode: Decode = asIs): Field => ({
  from: typeof from === 'string' ? [from] : from,
  decode,
});

export interface ObjectOptions {
  /** Also take each field under its original proto name (`message_id`), as ProtoJSON parsers must. Default false. */
  readonly snakeCase?: boolean;
}

/**
 * An object with these members. Unknown members are dropped, null means unset. Only names written here are ever read or
 * set, so a `__proto__` in the input stays without effect.
 */
export function object(fields: Readonly<Record<string, Decode | Field>>, options: ObjectOptions = {}): Decode {
  const members = Object.entries(fields).map(([name, given]) => {
    const { from, decode } = typeof given === 'function' ? field(name, given) : given;
    const names = options.snakeCase ? from.flatMap((each) => [...new Set([each, snakeCase(each)])]) : from;
    return { name, from: names, decode, nullable: decode === jsonValue };
  });
  return (value) => {
    if (!isObject(value)) return value;
    const result: Record<string, unknown> = {};
    for (const { name, from, decode, nullable } of members) {
      for (const key of from) {
        if (!Object.hasOwn(value, key)) continue;
        const given = value[key];
        if (given === undefined || (given === null && !nullable)) continue;
        const decoded = decode === asIs ? given : decode(given);
        if (decoded !== undefined) result[name] = decoded;
        break;
      }
    }
    return result;
  };
}

export const listOf =
  (decode: Decode): Decode =>
  (value) => {
    if (!Array.isArray(value)) return value;
    const items: unknown[] = [];
    for (const item of value) items.push(decode(item));
    return items;
  };

/** An enum: what the table knows is replaced (by undefined: unset), everything else is passed on. */
export const enumOf =
  (table: ReadonlyMap<unknown, string | undefined>): Decode =>
  (value) =>
    table.has(value) ? table.get(value) : value;

const JSON_NUMBER = /^-?(?:0|[1-9]\d{0,15})(?:\.\d{1,16})?(?:[eE][+-]?\d{1,3})?$/;

/** int32: a number, or the text of a whole number. The range is for validation to check. */
export const int32: Decode = (value) => {
  if (typeof value !== 'string' || !JSON_NUMBER.test(value)) return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number + 0 : value;
};

/** The proto name of a field from its JSON name. */
export const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
