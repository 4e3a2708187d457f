import { documentedMethods, type DocumentedMethod } from './json-rpc.methods.js';
import { header, object, ref, type Schema, text } from './schema.js';

const requestId: Schema = {
  description: 'Chosen by the client; the answer carries it.',
  type: ['string', 'integer', 'null'],
};
const version = { type: 'string', const: '2.0' };
const REQUEST_ID = 1;

const callName = ({ method, version: protocol }: DocumentedMethod): string =>
  protocol === '1.0' ? `${method}Call` : `V03_${method.replaceAll('/', '_')}_Call`;

/** A schema for each call, for their sum, and for the answers. */
export const jsonRpcSchemas: Readonly<Record<string, Schema>> = {
  ...Object.fromEntries(
    documentedMethods.map((documented) => [
      callName(documented),
      object({
        'jsonrpc!': version,
        'id!': requestId,
        'method!': { type: 'string', const: documented.method },
        [documented.withoutParams ? 'params' : 'params!']: ref(documented.params),
      }),
    ]),
  ),
  JsonRpcRequest: {
    oneOf: documentedMethods.map((documented) => ref(callName(documented))),
    discriminator: {
      propertyName: 'method',
      mapping: Object.fromEntries(
        documentedMethods.map((documented) => [documented.method, `#/components/schemas/${callName(documented)}`]),
      ),
    },
  },
  JsonRpcResult: object({
    'jsonrpc!': version,
    'id!': requestId,
    'result!': { anyOf: [...new Set(documentedMethods.flatMap(({ results }) => results))].map(ref) },
  }),
  JsonRpcError: object({
    'jsonrpc!': version,
    'id!': requestId,
    'error!': object({ 'code!': { type: 'integer' }, 'message!': text(), data: {} }),
  }),
};

const answer = (result: unknown): unknown => ({ jsonrpc: '2.0', id: REQUEST_ID, result });

const asExample = ({ method, version: protocol, summary }: DocumentedMethod, value: unknown) =>
  [method, { summary: `${method} (v${protocol}): ${summary}`, value }] as const;

/** Each event is a frame; in v1.0 it has an `id` which a client gives as `Last-Event-ID` to go on where it was. */
const frames = (events: unknown, protocol: DocumentedMethod['version']): string =>
  (events as unknown[])
    .map(
      (event, index) => `${protocol === '1.0' ? `id: ${index + 1}\n` : ''}data: ${JSON.stringify(answer(event))}\n\n`,
    )
    .join('');

const notFound = {
  jsonrpc: '2.0',
  id: REQUEST_ID,
  error: {
    code: -32001,
    message: 'Task not found',
    data: [
      { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'TASK_NOT_FOUND', domain: 'a2a-protocol.org' },
    ],
  },
};

const headers = [
  header('A2A-Version', 'Version that the method in the body belongs to. Absent: 0.3, as the protocol has it.', {
    schema: { type: 'string', enum: ['1.0', '0.3'] },
    example: '1.0',
  }),
  header('A2A-Extensions', 'URIs of extensions to activate, separated by commas.'),
  header('Last-Event-ID', 'On a stream: the id of the last event received. What follows it is sent, once each.'),
];

const refusal = (description: string): Schema => ({
  description,
  content: { 'application/json': { schema: ref('JsonRpcError') } },
});

/** What is refused before the body is read as a request; the error then answers no id. */
const refusals = {
  400: refusal('The Content-Type is not application/json.'),
  404: refusal('There is no such agent.'),
  413: refusal('The body is too large.'),
  415: refusal('The body is compressed.'),
};

/** The one operation behind all JSON-RPC methods, with an example of each. */
export function jsonRpcOperation(operationId: string, summary: string, parameters: readonly unknown[] = []): Schema {
  const examples = (methods: readonly DocumentedMethod[], value: (documented: DocumentedMethod) => unknown) =>
    Object.fromEntries(methods.map((documented) => asExample(documented, value(documented))));
  const single = documentedMethods.filter(({ stream }) => !stream);
  const streams = documentedMethods.filter(({ stream }) => stream);
  return {
    tags: ['JSON-RPC'],
    operationId,
    summary,
    description:
      'The method in the body decides what is done, and whether the answer is one object or a stream of events.',
    parameters: [...parameters, ...headers],
    requestBody: {
      required: true,
      content: {
        'application/json': {
          schema: ref('JsonRpcRequest'),
          examples: examples(documentedMethods, ({ method, request }) => ({
            jsonrpc: '2.0',
            id: REQUEST_ID,
            method,
            params: request,
          })),
        },
      },
    },
    responses: {
      200: {
        description: 'The result, or an error of the protocol, or a stream of results.',
        content: {
          'application/json': {
            schema: { oneOf: [ref('JsonRpcResult'), ref('JsonRpcError')] },
            examples: {
              ...examples(single, (documented) => answer(documented.answer)),
              error: { summary: 'A task that is not there, or not yours', value: notFound },
            },
          },
          'text/event-stream': {
            schema: text(),
            examples: examples(streams, (documented) => frames(documented.answer, documented.version)),
          },
        },
      },
      204: { description: 'To Last-Event-ID: the stream has ended, and nothing follows that event.' },
      ...refusals,
    },
  };
}
