import { type OperationDescription, OPERATIONS } from '../protocol/operations.js';
import type { RestRoute } from '../transports/rest/rest-route.js';
import { V10_ROUTES } from '../transports/rest/rest.routes.js';
import { V10_EXAMPLES } from './operation.examples.js';
import { type DescribedAgent, offers, type OperationIds } from './described-agent.js';
import { LAST_TASK, TASK_ID_HINT } from './placeholders.js';
import { restRefusals } from './refusals.js';
import { anyObject, header, list, object, ref, type Schema, text } from './schema.js';
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
export const LAST_EVENT_ID = header(
  'Last-Event-ID',
  'The id of the last event received: what follows it is sent, once each.',
);

/** Each event is a frame whose `id` a client gives as `Last-Event-ID` to go on where it was. Without `nameOf` events have no names. */
export const frames = (events: unknown, nameOf?: (event: object) => string | undefined): string =>
  (events as object[])
    .map((event, index) => {
      const name = nameOf ? `event: ${nameOf(event)}\n` : '';
      return `${name}id: ${index + 1}\ndata: ${JSON.stringify(event)}\n\n`;
    })
    .join('');

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

/** An id in the path: that of the task, or of one of its webhooks. */
const idIn = (path: string, name: string): Schema => ({
  ...{ name, in: 'path', required: true, schema: text() },
  ...(path.includes(`/tasks/{${name}}`) && { description: TASK_ID_HINT, example: LAST_TASK }),
});

function operationAt(route: RestRoute, ids: OperationIds): Schema {
  const { summary, stream }: OperationDescription = OPERATIONS[route.name];
  return {
    operationId: ids(route.name + (route.method === 'GET' && route.path.endsWith(':subscribe') ? 'ByGet' : '')),
    summary,
    parameters: [
      ...inPath(route.path).map((name) => idIn(route.path, name)),
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
      ...restRefusals(400, 401, 404, ...(route.body ? ([413, 415] as const) : []), 429, 503),
    },
  };
}

/** The addresses of v1.0 below `base`, as far as the agent has them. */
export function restPaths(
  base: string,
  agent: DescribedAgent,
  ids: OperationIds,
): Record<string, Record<string, Schema>> {
  const paths: Record<string, Record<string, Schema>> = {};
  for (const route of V10_ROUTES) {
    const { stream, needs }: OperationDescription = OPERATIONS[route.name];
    if (!offers(agent, { name: route.name, stream, needs })) continue;
    const at = (paths[`${base}${route.path}`] ??= {});
    at[route.method.toLowerCase()] = operationAt(route, ids);
  }
  return paths;
}
