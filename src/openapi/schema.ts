/** A JSON Schema as OpenAPI 3.1 carries it. */
export type Schema = Readonly<Record<string, unknown>>;

export const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });
export const text = (description?: string): Schema => ({ type: 'string', ...(description && { description }) });
export const list = (items: Schema): Schema => ({ type: 'array', items });
export const flag: Schema = { type: 'boolean' };
export const anyObject: Schema = { type: 'object', additionalProperties: true };

/** An object; names that end with `!` are required. */
export function object(properties: Record<string, Schema>, description?: string): Schema {
  const entries = Object.entries(properties).map(([name, schema]) => [name.replace('!', ''), schema] as const);
  const required = Object.keys(properties)
    .filter((name) => name.endsWith('!'))
    .map((name) => name.slice(0, -1));
  return {
    type: 'object',
    ...(description && { description }),
    properties: Object.fromEntries(entries),
    ...(required.length > 0 && { required }),
  };
}

/** A response of JSON. */
export const json = (schema: Schema, description: string): Schema => ({
  description,
  content: { 'application/json': { schema } },
});

/** A parameter that is a header. */
export const header = (name: string, description: string, more: Schema = {}): Schema => ({
  name,
  in: 'header',
  description,
  schema: text(),
  ...more,
});
