import { isObject } from '../../../common/is-object.js';

/** Writes a value in canonical form. */
export type Write = (value: unknown) => unknown;

export interface Field {
  readonly write: Write;
  /** What a required field is when it is missing; others are left out then. */
  readonly missing?: unknown;
  /** Whether a value that is there counts as not set. */
  readonly omits: (value: unknown) => boolean;
}

const same: Write = (value) => value;
const never = (): boolean => false;
const isDefault = (value: unknown): boolean =>
  value === '' || value === 0 || value === false || (Array.isArray(value) && value.length === 0);
const isEmptyMap = (value: unknown): boolean => isObject(value) && Object.keys(value).length === 0;

/** Marked REQUIRED: written always. */
export const required = (missing: unknown, write: Write = same): Field => ({ write, missing, omits: never });
/** Of the keyword `optional`, or a message: written when it is there. */
export const explicit = (write: Write = same): Field => ({ write, omits: never });
/** Without presence: written unless it has its type's default. */
export const implicit = (write: Write = same): Field => ({ write, omits: isDefault });
/** A map, which has no presence either. */
export const map = (write: Write = same): Field => ({ write: mapOf(write), omits: isEmptyMap });

/** An object of these fields; others are left out. */
export const message =
  (fields: Readonly<Record<string, Field>>): Write =>
  (value) => {
    const given = isObject(value) ? value : {};
    const written: Record<string, unknown> = {};
    for (const [name, { write, missing, omits }] of Object.entries(fields)) {
      const member = given[name] ?? missing;
      if (member !== undefined && !omits(member)) written[name] = write(member);
    }
    return written;
  };

export const listOf =
  (write: Write): Write =>
  (value) =>
    Array.isArray(value) ? value.map(write) : value;

const mapOf =
  (write: Write): Write =>
  (value) =>
    isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, member]) => [key, write(member)])) : value;
