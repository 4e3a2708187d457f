import { describe, expect, it } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { V03_METHODS, V10_METHODS } from '../../transports/json-rpc/json-rpc.methods.js';
import { V10_ROUTES } from '../../transports/rest/rest.routes.js';
import { openApiDocument } from './openapi.document.js';

type Json = Record<string, unknown>;
const plain = (value: unknown): Json => JSON.parse(JSON.stringify(value)) as Json;
const V10 = Object.keys(V10_METHODS);
const V03 = Object.keys(V03_METHODS);
const STREAMS = ['SendStreamingMessage', 'SubscribeToTask', 'message/stream', 'tasks/resubscribe'];

interface SchemaNode {
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  oneOf?: Json[];
  anyOf?: Json[];
  required?: string[];
  properties?: Record<string, Json>;
  items?: Json;
}

interface Operation {
  requestBody: { content: Record<string, { examples: Record<string, { value: Json }> }> };
  responses: { 200: { content: Record<string, { examples: Record<string, { value: unknown }> }> } };
}

interface RestOperation {
  parameters: { name: string; in: string }[];
  requestBody?: { content: Record<string, { schema: Json; example: unknown }> };
  responses: { 200: { content: Record<string, { schema: Json; example: unknown }> } };
}

describe('the OpenAPI document', () => {
  const document = plain(openApiDocument({ version: '1.2.3', agents: ['lab'] }));
  const schemas = (document['components'] as { schemas: Record<string, Json> }).schemas;
  const operation = (path: string): Operation => (document['paths'] as Record<string, { post: Operation }>)[path]!.post;

  it('is valid OpenAPI 3.1', async () => {
    const validator = new Validator();
    expect(await validator.validate(document)).toEqual({ valid: true });
    expect(validator.version).toBe('3.1');
    expect((await validator.validate({ ...document, paths: { '/x': { get: { responses: 5 } } } })).valid).toBe(false);
  });

  it('describes every address of HTTP+JSON, the endpoints, the cards and the probes', () => {
    const addresses = (base: string): string[] => [...new Set(V10_ROUTES.map(({ path }) => base + path))];
    expect(Object.keys(document['paths'] as Json)).toEqual([
      '/',
      '/.well-known/agent-card.json',
      ...addresses(''),
      '/.well-known/jwks.json',
      '/agents/{agent}',
      '/agents/{agent}/.well-known/agent-card.json',
      ...addresses('/agents/{agent}'),
      '/health/live',
      '/health/ready',
    ]);
    expect(Object.keys(openApiDocument({ version: '1', path: '/a2a', rootAgent: false }).paths)).toEqual([
      '/a2a/.well-known/jwks.json',
      '/a2a/agents/{agent}',
      '/a2a/agents/{agent}/.well-known/agent-card.json',
      ...addresses('/a2a/agents/{agent}'),
      '/health/live',
      '/health/ready',
    ]);
  });

  it('gives each operation an id of its own', () => {
    const ids = [...JSON.stringify(document).matchAll(/"operationId":"(\w+)"/g)].map(([, id]) => id);
    expect(ids.length).toBeGreaterThan(2 * V10_ROUTES.length);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it.each(V10_ROUTES)('has a worked call and answer for $method $path', ({ method, path }) => {
    const { requestBody, responses, parameters } = (document['paths'] as Record<string, Record<string, RestOperation>>)[
      path
    ]![method.toLowerCase()]!;
    for (const { schema, example } of Object.values(requestBody?.content ?? {})) {
      expect(conforms(example, schema)).toBe(true);
    }
    for (const [type, { schema, example }] of Object.entries(responses[200].content)) {
      if (type === 'text/event-stream') {
        for (const frame of String(example).trimEnd().split('\n\n')) {
          const data = frame.split('\n')[1]!.slice('data: '.length);
          expect(conforms(JSON.parse(data), { $ref: '#/components/schemas/StreamResponse' })).toBe(true);
        }
      } else expect(conforms(example, schema)).toBe(true);
    }
    const named = parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name);
    expect(named).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
  });

  it('describes what is sent to webhooks', () => {
    const { taskEvent } = document['webhooks'] as Record<string, { post: RestOperation }>;
    const { schema, example } = taskEvent!.post.requestBody!.content['application/a2a+json']!;
    expect(conforms(example, schema)).toBe(true);
  });

  it('says with which other status a call or a card is refused', () => {
    const paths = document['paths'] as Record<string, { post?: Operation; get?: Operation }>;
    expect(Object.keys(operation('/agents/{agent}').responses)).toEqual(['200', '204', '400', '404', '413', '415']);
    expect(Object.keys(paths['/.well-known/agent-card.json']!.get!.responses)).toEqual(['200', '304', '400', '404']);
  });

  it('refers only to schemas that it has', () => {
    const references = [...JSON.stringify(document).matchAll(/#\/components\/schemas\/(\w+)/g)].map(
      ([, name]) => name!,
    );
    expect(references.length).toBeGreaterThan(50);
    expect([...new Set(references)].filter((name) => !(name in schemas))).toEqual([]);
  });

  it.each(['/', '/agents/{agent}'])(
    'has a worked call and answer for each method of both versions at POST %s',
    (path) => {
      const { requestBody, responses } = operation(path);
      const calls = requestBody.content['application/json']!.examples;
      expect(Object.keys(calls)).toEqual([...V10, ...V03]);
      for (const [method, { value }] of Object.entries(calls)) {
        expect(value).toMatchObject({ jsonrpc: '2.0', id: 1, method });
        expect(conforms(value, { $ref: '#/components/schemas/JsonRpcRequest' })).toBe(true);
      }
      const answers = responses[200].content['application/json']!.examples;
      expect(Object.keys(answers)).toEqual([
        ...[...V10, ...V03].filter((method) => !STREAMS.includes(method)),
        'error',
      ]);
      for (const [name, { value }] of Object.entries(answers)) {
        expect(
          conforms(value, { $ref: `#/components/schemas/${name === 'error' ? 'JsonRpcError' : 'JsonRpcResult'}` }),
        ).toBe(true);
      }
      const streams = responses[200].content['text/event-stream']!.examples;
      expect(Object.keys(streams)).toEqual(STREAMS);
      for (const [name, { value }] of Object.entries(streams)) {
        const frames = String(value).trimEnd().split('\n\n');
        expect(frames).toHaveLength(3);
        for (const [index, frame] of frames.entries()) {
          const lines = frame.split('\n');
          const data = lines.at(-1);
          // Streams of v0.3 have ids only for those who ask for them.
          expect(lines.slice(0, -1)).toEqual(V10.includes(name) ? [`id: ${index + 1}`] : []);
          expect(
            conforms(JSON.parse(data!.slice('data: '.length)), { $ref: '#/components/schemas/JsonRpcResult' }),
          ).toBe(true);
        }
      }
    },
  );

  it('has schemas that tell right from wrong', () => {
    const send = operation('/').requestBody.content['application/json']!.examples['SendMessage']!.value;
    const request = { $ref: '#/components/schemas/JsonRpcRequest' };
    expect(conforms({ ...send, method: 'SendMesage' }, request)).toBe(false);
    expect(conforms({ ...send, params: {} }, request)).toBe(false);
    expect(conforms({ text: 'a', data: 1 }, { $ref: '#/components/schemas/Part' })).toBe(false);
    expect(conforms({ state: 'working' }, { $ref: '#/components/schemas/TaskStatus' })).toBe(false);
  });

  /** The part of JSON Schema that the document uses. */
  function conforms(value: unknown, schema: Json): boolean {
    if (typeof schema['$ref'] === 'string') return conforms(value, schemas[schema['$ref'].split('/').at(-1)!]!);
    const { type, enum: words, const: constant, oneOf, anyOf, required, properties, items } = schema as SchemaNode;
    if (type !== undefined && ![type].flat().some((name) => isA(value, name))) return false;
    if (words !== undefined && !words.includes(value)) return false;
    if (constant !== undefined && value !== constant) return false;
    if (oneOf !== undefined && oneOf.filter((one) => conforms(value, one)).length !== 1) return false;
    if (anyOf !== undefined && !anyOf.some((one) => conforms(value, one))) return false;
    if (Array.isArray(value)) return items === undefined || value.every((item) => conforms(item, items));
    if (!isA(value, 'object')) return true;
    const fields = value as Json;
    if (required?.some((name) => !(name in fields))) return false;
    return Object.entries(properties ?? {}).every(
      ([name, field]) => !(name in fields) || conforms(fields[name], field),
    );
  }
});

function isA(value: unknown, type: string): boolean {
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value);
  return typeof value === type;
}
