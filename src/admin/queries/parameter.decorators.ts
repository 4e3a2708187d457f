import { ArrayMaxSize, IsIn, IsInt, IsOptional, Max, Min, ValidateBy } from 'class-validator';
import { type NumberRange, wholeNumberRule } from '../../common/option-problems.js';
import { list, type Schema, text } from '../../openapi/schema.js';

/** What is known of a parameter besides its rules: how it is read from a query, and how the description of the API shows it. */
export interface Parameter {
  /** What cannot be read is returned as it is, and refused by the rules. */
  readonly read: (value: unknown) => unknown;
  readonly schema: Schema;
  readonly description: string;
}

const known = new WeakMap<object, Map<string, Parameter>>();

/** The parameters of a class of queries, by name. */
export const parametersOf = (type: { readonly prototype: object }): ReadonlyMap<string, Parameter> => {
  const own = known.get(type.prototype);
  const above = Object.getPrototypeOf(type.prototype) as object | null;
  const inherited = above === Object.prototype || above === null ? [] : parametersOf({ prototype: above });
  return new Map([...inherited, ...(own ?? [])]);
};

const parameter =
  (described: Parameter, ...rules: PropertyDecorator[]): PropertyDecorator =>
  (target, name) => {
    const own = known.get(target) ?? new Map<string, Parameter>();
    known.set(target, own.set(String(name), described));
    for (const rule of [IsOptional(), ...rules]) rule(target, name);
  };

const rule = (name: string, validate: (value: unknown) => boolean, message: string): PropertyDecorator =>
  ValidateBy({ name, validator: { validate } }, { message });

const same = (value: unknown): unknown => value;

/** Text of 1 to 512 characters. A database can store neither U+0000 nor half a character. */
export const QueryText = (description: string, max = 512): PropertyDecorator =>
  parameter(
    { read: same, schema: { type: 'string', maxLength: max }, description },
    rule(
      'text',
      (value) =>
        typeof value === 'string' &&
        value !== '' &&
        value.length <= max &&
        value.isWellFormed() &&
        !value.includes('\0'),
      `must be text of 1 to ${max} characters`,
    ),
  );

/** A whole number, in digits. */
export const QueryWholeNumber = (range: NumberRange, description: string): PropertyDecorator => {
  const [min, max] = range;
  const message = `must be ${wholeNumberRule(range)}, in digits`;
  return parameter(
    {
      read: (value) => (typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value),
      schema: { type: 'integer', minimum: min, ...(max < Number.MAX_SAFE_INTEGER && { maximum: max }) },
      description,
    },
    IsInt({ message }),
    Min(min, { message }),
    Max(max, { message }),
  );
};

/** A time of RFC 3339; the property is in ms since the epoch. */
export const QueryTime = (description: string): PropertyDecorator =>
  parameter(
    {
      read: (value) => (typeof value === 'string' && TIME.test(value) ? Date.parse(value) : value),
      schema: { type: 'string', format: 'date-time' },
      description,
    },
    rule('time', (value) => Number.isFinite(value), 'must be a time like 2026-01-31T12:00:00Z'),
  );

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/i;

/** `true` or `false`; false is as if it were absent. */
export const QueryFlag = (description: string): PropertyDecorator =>
  parameter(
    {
      read: (value) => (value === 'true' ? true : value === 'false' ? undefined : value),
      schema: { type: 'boolean' },
      description,
    },
    rule('flag', (value) => value === true, 'must be true or false'),
  );

/** One of several words. */
export const QueryChoice = (words: readonly string[], description: string): PropertyDecorator =>
  parameter(
    { read: same, schema: { ...text(), enum: [...words] }, description },
    IsIn([...words], { message: `must be one of ${words.join(', ')}` }),
  );

/** Several of several words: the parameter may be repeated, and may hold words with commas between them. */
export const QueryChoices = (words: readonly string[], description: string): PropertyDecorator =>
  parameter(
    {
      read: (value) =>
        [value]
          .flat()
          .flatMap((each) => (typeof each === 'string' ? each.split(',').map((word) => word.trim()) : [each])),
      schema: list({ ...text(), enum: [...words] }),
      description,
    },
    ArrayMaxSize(words.length, { message: `must be at most ${words.length} words` }),
    IsIn([...words], { each: true, message: `must be some of ${words.join(', ')}` }),
  );
