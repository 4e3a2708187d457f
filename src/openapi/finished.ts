import type { Schema } from './schema.js';

const PREFIX = 'A2a';
const HERE = '#/components/schemas/';

export interface SchemaForm {
  /** Of the document. OpenAPI 3.0 has an older form of JSON Schema. */
  readonly openapi: string;
}

/**
 * A part of our description as it goes into a document: its schemas are named so that they collide with none of the application,
 * and it has the form of the document's version of OpenAPI.
 */
export function finished<T>(value: T, form: SchemaForm): T {
  return walk(value, form.openapi.startsWith('3.0')) as T;
}

export const nameOfSchema = (name: string): string => PREFIX + name;

/** Those of `schemas` that `value` refers to, and those that they refer to. */
export function referredSchemas(value: unknown, schemas: Readonly<Record<string, Schema>>): Record<string, Schema> {
  const found: Record<string, Schema> = {};
  const visit = (part: unknown): void => {
    for (const [, name = ''] of JSON.stringify(part).matchAll(/#\/components\/schemas\/(\w+)/g)) {
      const schema = schemas[name];
      if (schema === undefined || name in found) continue;
      found[name] = schema;
      visit(schema);
    }
  };
  visit(value);
  return found;
}

function walk(value: unknown, old: boolean): unknown {
  if (typeof value === 'string') return value.startsWith(HERE) ? HERE + PREFIX + value.slice(HERE.length) : value;
  if (Array.isArray(value)) return value.map((item) => walk(item, old));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, member]) => [name, isLiteral(name) ? member : walk(member, old)]);
  const copy = Object.fromEntries(entries) as Record<string, unknown>;
  return old ? older(copy) : copy;
}

/** What these hold is data. */
const isLiteral = (name: string): boolean => name === 'example' || name === 'examples';

/** JSON Schema of OpenAPI 3.0: no `const`, no list of types, no `contentEncoding`. */
function older({ const: constant, type, contentEncoding, ...rest }: Record<string, unknown>): Record<string, unknown> {
  return {
    ...(constant !== undefined ? { enum: [constant] } : {}),
    ...(contentEncoding !== undefined ? { format: 'byte' } : {}),
    ...typesOf(type),
    ...rest,
  };
}

function typesOf(type: unknown): Record<string, unknown> {
  if (type === 'null') return { nullable: true };
  if (!Array.isArray(type)) return type === undefined ? {} : { type };
  const anyOf = type.filter((name) => name !== 'null').map((name: unknown) => ({ type: name }));
  return { anyOf, ...(type.includes('null') && { nullable: true }) };
}
