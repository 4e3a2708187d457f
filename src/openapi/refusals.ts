import {
  type A2AError,
  contentTypeNotSupported,
  invalidParams,
  invalidRequest,
  resourceExhausted,
  taskNotFound,
  unauthenticated,
  unavailable,
} from '../protocol/errors/index.js';
import { errorText as rpcErrorText } from '../transports/json-rpc/envelope.js';
import { errorText as restErrorText } from '../transports/rest/rest-answers.js';
import { ref, type Schema } from './schema.js';

interface Refusal {
  readonly why: string;
  /** An error that has this status. */
  readonly error: A2AError;
}

const COMPRESSED = 'Content-Encoding is not supported. Send the body uncompressed.';

const REFUSALS = {
  400: {
    why: 'The request is wrong or not JSON, or the agent does not do this.',
    error: invalidParams([{ field: 'message.parts', description: 'must not be empty' }]),
  },
  401: { why: 'The caller could not be identified.', error: unauthenticated('The caller could not be identified.') },
  404: { why: 'There is no such agent or task, or it is not yours.', error: taskNotFound('last-task') },
  413: {
    why: 'The body is too large.',
    error: invalidRequest('The request body is larger than 10000000 bytes. Send less, or files by url.'),
  },
  415: { why: 'The body is compressed.', error: invalidRequest(COMPRESSED) },
  429: {
    why: 'Too much is waiting; Retry-After says when to try again.',
    error: resourceExhausted('You have 1000 calls and streams open. End some of them, then try again.', 1),
  },
  503: {
    why: 'The server cannot answer now; Retry-After says when to try again.',
    error: unavailable('The server is shutting down. Try again.'),
  },
} as const satisfies Record<number, Refusal>;

export type RefusalStatus = keyof typeof REFUSALS;

/** Responses of HTTP+JSON with the bodies that it really sends. */
export const restRefusals = (...statuses: readonly RefusalStatus[]): Record<number, Schema> =>
  responses(statuses, 'RestError', ({ error }, status) => restErrorText(error, '1.0', status));

/** What JSON-RPC refuses before it reads the body as a request: the error then answers no id. */
export const rpcRefusals = (): Record<number, Schema> => ({
  ...responses([400], 'JsonRpcError', () =>
    rpcErrorText(null, contentTypeNotSupported('Send the body as application/json.'), '1.0'),
  ),
  ...responses([404], 'JsonRpcError', () => rpcErrorText(null, invalidRequest("There is no agent 'x' here."), '1.0')),
  ...responses([413, 415], 'JsonRpcError', ({ error }) => rpcErrorText(null, error, '1.0')),
});

const responses = (
  statuses: readonly RefusalStatus[],
  schema: string,
  body: (refusal: Refusal, status: number) => string,
): Record<number, Schema> =>
  Object.fromEntries(
    statuses.map((status) => {
      const example = JSON.parse(body(REFUSALS[status], status)) as unknown;
      return [
        status,
        { description: REFUSALS[status].why, content: { 'application/json': { schema: ref(schema), example } } },
      ];
    }),
  );
