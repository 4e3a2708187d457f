import { type OperationDescription, OPERATIONS } from '../../protocol/operations.js';
import type { RestRoute } from '../../transports/rest/rest-route.js';
import { V10_ROUTES } from '../../transports/rest/rest.routes.js';
import { V10_EXAMPLES } from './operation.examples.js';
import { anyObject, header, json, list, object, ref, type Schema, text } from './schema.js';
import { schemaNameOf, v10Schemas } from './v1-0.schemas.js';

/** An error of HTTP+JSON: `google.rpc.Status` under `error`. Spec 11.6. */
export const restErrorSchema: Schema = object({
  'error!': object({
    'code!': { type: 'integer', description: 'The HTTP status.' },
    'status!': text('Name of the gRPC status.'),
    'message!': text(),
    'details!': list(anyObject),
  }),
});

const VERSION = header('A2A-Version', 'Without it the request is one of v0.3.', {
  required: true,
  schema: { type: 'string', enum: ['1.0'], default: '1.0' },
});
const EXTENSIONS = header('A2A-Extensions', 'URIs of extensions to activate, separated by commas.');
const LAST_EVENT_ID = header('Last-Event-ID', 'The id of the last event received: what follows it is sent, once each.');

const refused = (description: string): Schema => json(ref('RestError'), description);

/** Each event is a frame whose `id` a client gives as `Last-Event-ID` to go on where it was. */
const frames = (events: unknown): string =>
  (events as unknown[]).map((event, index) => `id: ${index + 1}\ndata: ${JSON.stringify(event)}\n\n`).join('');

const inPath = (path: string): string[] => [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);

/** The members of a request that neither the path nor a body holds, as the query's. */
function queryOf({ path, body, name }: RestRoute): Schema[] {
  if (body !== undefined) return [];
  const { properties = {} } = v10Schemas[schemaNameOf(OPERATIONS[name].request)] as {
    properties?: Record<string, Schema>;
  };
  const taken = new Set(inPath(path));
  return Object.entries(properties)
    .filter(([member]) => !taken.has(member))
    .map(([member, schema]) => ({ name: member, in: 'query', schema }));
}

function answerOf({ name }: RestRoute): Schema {
  const { response, stream }: OperationDescription = OPERATIONS[name];
  const { answer } = V10_EXAMPLES[name];
  const content = stream
    ? {
        'text/event-stream': {
          schema: text(`A frame for each event; its data is a ${response}.`),
          example: frames(answer),
        },
      }
    : Object.fromEntries(
        ['application/a2a+json', 'application/json'].map((type) => [type, { schema: ref(response), example: answer }]),
      );
  return { description: stream ? 'The events' : 'The answer', content };
}

function bodyOf({ body, name, path }: RestRoute): Schema {
  if (body === undefined) return {};
  const taken = inPath(path);
  // The path has what the schema would require besides.
  const schema = body === 'required' ? ref(schemaNameOf(OPERATIONS[name].request)) : anyObject;
  const rest = Object.entries(V10_EXAMPLES[name].request).filter(([member]) => !taken.includes(member));
  const content = { schema, example: Object.fromEntries(rest) as object };
  return {
    requestBody: {
      required: body === 'required',
      content: { 'application/json': content, 'application/a2a+json': content },
    },
  };
}

function operationAt(route: RestRoute, suffix: string, agent: Schema | undefined): Schema {
  const { summary, stream }: OperationDescription = OPERATIONS[route.name];
  const ids = inPath(route.path).map((name) => ({ name, in: 'path', required: true, schema: text() }));
  return {
    tags: ['HTTP+JSON'],
    operationId: `${route.name}${route.method === 'GET' && route.path.endsWith(':subscribe') ? 'ByGet' : ''}${suffix}`,
    summary,
    parameters: [
      ...(agent ? [agent] : []),
      ...ids,
      ...queryOf(route),
      VERSION,
      EXTENSIONS,
      ...(stream ? [LAST_EVENT_ID] : []),
    ],
    ...bodyOf(route),
    responses: {
      200: answerOf(route),
      ...(stream && {
        204: { description: 'To Last-Event-ID: the stream has ended, and nothing follows that event.' },
      }),
      400: refused('The request is wrong or not JSON, or the agent does not do this.'),
      ...(route.name === 'GetExtendedAgentCard' && { 401: refused('The caller could not be identified.') }),
      404: refused('There is no such agent or task, or it is not yours.'),
      ...(route.body && {
        413: refused('The body is too large.'),
        415: refused('The body is compressed.'),
      }),
      429: refused('Too much is waiting; Retry-After says when to try again.'),
      503: refused('The server cannot answer now; Retry-After says when to try again.'),
    },
  };
}

/** The addresses of v1.0 below an agent's url; `agent` is the parameter that names it, if the url has one. */
export function restPaths(base: string, agent?: Schema): Record<string, Record<string, Schema>> {
  const paths: Record<string, Record<string, Schema>> = {};
  for (const route of V10_ROUTES) {
    const at = (paths[`${base}${route.path}`] ??= {});
    at[route.method.toLowerCase()] = operationAt(route, agent ? 'OfAgent' : '', agent);
  }
  return paths;
}
