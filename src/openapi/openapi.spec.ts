import { describe, expect, it } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { V03_METHODS, V10_METHODS } from '../transports/json-rpc/json-rpc.methods.js';
import { EVENTS_ROUTE } from '../transports/event-source/events-address.js';
import { V10_ROUTES } from '../transports/rest/rest.routes.js';
import type { DescribedAgent } from './described-agent.js';
import { type Described, description } from './description.js';
import { LAST_TASK } from './placeholders.js';

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

const lab: DescribedAgent = {
  id: 'lab',
  description: 'Tries things',
  card: '/.well-known/agent-card.json',
  jsonRpc: '',
  rest: '',
  streaming: true,
  pushNotifications: true,
  extendedCard: true,
  securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'X-Key' } },
  security: [{ key: [] }],
};
const words: DescribedAgent = {
  ...lab,
  id: 'word-counter',
  card: '/agents/word-counter/.well-known/agent-card.json',
  jsonRpc: '/agents/word-counter',
  rest: '/agents/word-counter',
  security: undefined,
};
const ALL: Described = { agents: [lab, words], versions: ['1.0', '0.3'], keySet: '/.well-known/jwks.json' };

/** The description as the only content of a document. */
function documentOf(described: Described, openapi = '3.1.0'): Json {
  const { schemas, securitySchemes, ...rest } = description(described, openapi);
  const info = { title: 'Test', version: '1' };
  return plain({ openapi, info, ...rest, components: { schemas, securitySchemes } });
}

describe('the OpenAPI document', () => {
  const document = documentOf(ALL);
  const schemas = (document['components'] as { schemas: Record<string, Json> }).schemas;
  const operation = (path: string): Operation => (document['paths'] as Record<string, { post: Operation }>)[path]!.post;

  it('is valid OpenAPI 3.1', async () => {
    const validator = new Validator();
    expect(await validator.validate(document)).toEqual({ valid: true });
    expect(validator.version).toBe('3.1');
    expect((await validator.validate({ ...document, paths: { '/x': { get: { responses: 5 } } } })).valid).toBe(false);
  });

  it('is valid OpenAPI 3.0 in a document of that version', async () => {
    const { webhooks, ...older } = documentOf(ALL, '3.0.0');
    expect(await new Validator().validate(older)).toEqual({ valid: true });
    expect(JSON.stringify(older)).not.toMatch(/"const":|"contentEncoding":|"type":\[/);
    // They are of 3.1.
    expect(webhooks).toEqual({});
  });

  it('has every address of each agent once, with the tag of the agent', () => {
    const addresses = (base: string): string[] => [
      ...new Set([...V10_ROUTES, EVENTS_ROUTE].map(({ path }) => base + path)),
    ];
    expect(Object.keys(document['paths'] as Json)).toEqual([
      '/',
      '/.well-known/agent-card.json',
      ...addresses(''),
      '/agents/word-counter',
      '/agents/word-counter/.well-known/agent-card.json',
      ...addresses('/agents/word-counter'),
      '/.well-known/jwks.json',
    ]);
    const operations = Object.values(document['paths'] as Record<string, Record<string, { tags: string[] }>>);
    const tags = operations.flatMap((methods) => Object.values(methods).flatMap((operation) => operation.tags));
    expect([...new Set(tags)]).toEqual(['A2A: lab', 'A2A: word-counter', 'A2A']);
  });

  it('leaves out what is switched off', () => {
    const plainAgent = { ...lab, streaming: false, pushNotifications: false, extendedCard: false };
    const text = JSON.stringify(documentOf({ agents: [plainAgent], versions: ['1.0'] }));
    expect(text).toContain('"SendMessage"');
    expect(text).not.toMatch(/"operationId":"(Subscribe|SendStreaming|\w+PushNotification|GetExtended)/);
    expect(text).not.toMatch(/V03|"message\/send"|jwks|"SubscribeToTask"/);
    const restOff = documentOf({ agents: [{ ...lab, rest: undefined }], versions: ['1.0'] });
    expect(Object.keys(restOff['paths'] as Json)).toEqual(['/', '/.well-known/agent-card.json']);
    const rpcOff = documentOf({ agents: [{ ...lab, jsonRpc: undefined }], versions: ['1.0'] });
    expect(rpcOff['paths']).not.toHaveProperty('/');
    expect(JSON.stringify(rpcOff)).not.toContain('JsonRpc');
  });

  it('asks for the credentials that the card asks for, except for the card', () => {
    const paths = document['paths'] as Record<string, Record<string, { security?: unknown }>>;
    expect(paths['/tasks']!['get']!.security).toEqual([{ key: [] }]);
    expect(paths['/']!['post']!.security).toEqual([{ key: [] }]);
    expect(paths['/.well-known/agent-card.json']!['get']!.security).toBeUndefined();
    expect(paths['/agents/word-counter/tasks']!['get']!.security).toBeUndefined();
    expect(document).toHaveProperty('components.securitySchemes.key', lab.securitySchemes['key']);
  });

  it('has another messageId in each example, and says where the id of a task comes from', () => {
    const ids = [...JSON.stringify(document).matchAll(/"messageId":"(example-[^"]+)"/g)].map(([, id]) => id);
    expect(ids.length).toBeGreaterThan(4);
    expect(new Set(ids).size).toBe(ids.length);
    const { parameters } = (document['paths'] as Record<string, Record<string, RestOperation>>)['/tasks/{id}']!['get']!;
    expect(parameters[0]).toMatchObject({
      name: 'id',
      example: LAST_TASK,
      description: expect.stringContaining('ListTasks'),
    });
  });

  it('shows the bodies of errors', () => {
    const paths = document['paths'] as Record<
      string,
      Record<string, { responses: Record<string, RestOperation['responses'][200]> }>
    >;
    const errors = Object.entries(paths['/message:send']!['post']!.responses).filter(([status]) => status >= '400');
    expect(errors.map(([status]) => status)).toEqual(['400', '401', '404', '413', '415', '429', '503']);
    for (const [status, { content }] of errors) {
      expect(content['application/json']!.example).toMatchObject({ error: { code: Number(status) } });
      expect(conforms(content['application/json']!.example, { $ref: '#/components/schemas/A2aRestError' })).toBe(true);
    }
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
          expect(conforms(JSON.parse(data), { $ref: '#/components/schemas/A2aStreamResponse' })).toBe(true);
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
    expect(Object.keys(operation('/agents/word-counter').responses)).toEqual([
      '200',
      '204',
      '400',
      '404',
      '413',
      '415',
    ]);
    expect(Object.keys(paths['/.well-known/agent-card.json']!.get!.responses)).toEqual(['200', '304', '400']);
  });

  it('refers only to schemas that it has', () => {
    const references = [...JSON.stringify(document).matchAll(/#\/components\/schemas\/(\w+)/g)].map(
      ([, name]) => name!,
    );
    expect(references.length).toBeGreaterThan(50);
    expect([...new Set(references)].filter((name) => !(name in schemas))).toEqual([]);
  });

  it.each(['/', '/agents/word-counter'])(
    'has a worked call and answer for each method of both versions at POST %s',
    (path) => {
      const { requestBody, responses } = operation(path);
      const calls = requestBody.content['application/json']!.examples;
      expect(Object.keys(calls)).toEqual([...V10, ...V03]);
      for (const [method, { value }] of Object.entries(calls)) {
        expect(value).toMatchObject({ jsonrpc: '2.0', id: 1, method });
        expect(conforms(value, { $ref: '#/components/schemas/A2aJsonRpcRequest' })).toBe(true);
      }
      const answers = responses[200].content['application/json']!.examples;
      expect(Object.keys(answers)).toEqual([
        ...[...V10, ...V03].filter((method) => !STREAMS.includes(method)),
        'error',
      ]);
      for (const [name, { value }] of Object.entries(answers)) {
        expect(
          conforms(value, { $ref: `#/components/schemas/A2a${name === 'error' ? 'JsonRpcError' : 'JsonRpcResult'}` }),
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
            conforms(JSON.parse(data!.slice('data: '.length)), { $ref: '#/components/schemas/A2aJsonRpcResult' }),
          ).toBe(true);
        }
      }
    },
  );

  it('has schemas that tell right from wrong', () => {
    const send = operation('/').requestBody.content['application/json']!.examples['SendMessage']!.value;
    const request = { $ref: '#/components/schemas/A2aJsonRpcRequest' };
    expect(conforms({ ...send, method: 'SendMesage' }, request)).toBe(false);
    expect(conforms({ ...send, params: {} }, request)).toBe(false);
    expect(conforms({ text: 'a', data: 1 }, { $ref: '#/components/schemas/A2aPart' })).toBe(false);
    expect(conforms({ state: 'working' }, { $ref: '#/components/schemas/A2aTaskStatus' })).toBe(false);
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
