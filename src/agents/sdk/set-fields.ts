import { isObject } from '../../common/is-object.js';

export type Fields = Readonly<Record<string, unknown>>;

/** The SDK's objects have every field: protobuf's default value stands for "not set". */
const isSet = (value: unknown): boolean => {
  if (value === undefined || value === null || value === '' || value === false) return false;
  if (Array.isArray(value)) return value.length > 0;
  return !isObject(value) || Object.keys(value).length > 0;
};

/** The named fields that are set. */
export function setFields(from: Fields, ...names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.filter((name) => isSet(from[name])).map((name) => [name, from[name]]));
}
