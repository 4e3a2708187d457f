import { taskNotFound } from '../protocol/errors/index.js';
import { errorText } from '../transports/json-rpc/envelope.js';
import type { DocumentedMethod } from './json-rpc.methods.js';
import { LAST_TASK } from './placeholders.js';
import { rpcRefusals } from './refusals.js';
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
export const jsonRpcSchemas = (methods: readonly DocumentedMethod[]): Record<string, Schema> => ({
  ...Object.fromEntries(
    methods.map((documented) => [
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
    oneOf: methods.map((documented) => ref(callName(documented))),
    discriminator: {
      propertyName: 'method',
      mapping: Object.fromEntries(
        methods.map((documented) => [documented.method, `#/components/schemas/${callName(documented)}`]),
      ),
    },
  },
  JsonRpcResult: object({
    'jsonrpc!': version,
    'id!': requestId,
    'result!': { anyOf: [...new Set(methods.flatMap(({ results }) => results))].map(ref) },
  }),
  JsonRpcError: object({
    'jsonrpc!': version,
    'id!': requestId,
    'error!': object({ 'code!': { type: 'integer' }, 'message!': text(), data: {} }),
  }),
});

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

const notFound = JSON.parse(errorText(REQUEST_ID, taskNotFound(LAST_TASK), '1.0')) as unknown;

const headersOf = (versions: readonly string[]) => [
  header('A2A-Version', 'Version that the method in the body belongs to. Absent: 0.3, as the protocol has it.', {
    schema: { type: 'string', enum: versions, default: versions[0] },
  }),
  header('A2A-Extensions', 'URIs of extensions to activate, separated by commas.'),
  header('Last-Event-ID', 'On a stream: the id of the last event received. What follows it is sent, once each.'),
];

/** The one operation behind all JSON-RPC methods, with an example of each. */
export function jsonRpcOperation(operationId: string, summary: string, methods: readonly DocumentedMethod[]): Schema {
  const examples = (methods: readonly DocumentedMethod[], value: (documented: DocumentedMethod) => unknown) =>
    Object.fromEntries(methods.map((documented) => asExample(documented, value(documented))));
  const single = methods.filter(({ stream }) => !stream);
  const streams = methods.filter(({ stream }) => stream);
  return {
    operationId,
    summary,
    description:
      'The method in the body decides what is done, and whether the answer is one object or a stream of events.',
    parameters: headersOf([...new Set(methods.map(({ version }) => version))]),
    requestBody: {
      required: true,
      content: {
        'application/json': {
          schema: ref('JsonRpcRequest'),
          examples: examples(methods, ({ method, request }) => ({
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
          ...(streams.length > 0 && {
            'text/event-stream': {
              schema: text(),
              examples: examples(streams, (documented) => frames(documented.answer, documented.version)),
            },
          }),
        },
      },
      204: { description: 'To Last-Event-ID: the stream has ended, and nothing follows that event.' },
      ...rpcRefusals(),
    },
  };
}
