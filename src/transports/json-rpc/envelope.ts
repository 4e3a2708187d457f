import { type A2AError, invalidRequest, toJsonRpcError } from '../../protocol/errors/index.js';
import type { ProtocolVersion } from '../protocol-version.js';
import { responseJson } from '../task-response.js';

export type RpcId = string | number | null;

/** A JSON-RPC 2.0 request. If `error` is set it is not a valid one, and the error is the answer to `id`. */
export interface Envelope {
  readonly id: RpcId;
  readonly method: string;
  /** As the client sent them, or undefined. Whether they are an object is checked once the method is known. */
  readonly params: unknown;
  readonly error?: A2AError;
  /** Set for a request without an id, which JSON-RPC does not answer: the error to use when nothing else is wrong with it. */
  readonly notification?: A2AError;
}

/** An id is sent back with each event of a stream, so its length is limited, in UTF-16 units. */
export const MAX_ID_LENGTH = 1024;

/**
 * Reads a parsed body. Refuses as invalid requests: arrays (batches); values that are no id or cannot be sent back exactly (objects,
 * numbers beyond 2^53); and requests without an id whose method and params are right: JSON-RPC does not answer such notifications, but each
 * A2A method has an answer.
 */
export function readEnvelope(body: unknown): Envelope {
  if (Array.isArray(body))
    return refused(null, invalidRequest('Batches are not supported: send one request per call.'));
  if (typeof body !== 'object' || body === null) return refused(null, invalidRequest('A request is a JSON object.'));
  const { jsonrpc, id, method, params } = body as Record<string, unknown>;
  if (id !== undefined && !isId(id)) {
    return refused(
      null,
      invalidRequest(`id must be null, a number below 2^53 or a string of up to ${MAX_ID_LENGTH} characters.`),
    );
  }
  const known = id ?? null;
  if (jsonrpc !== '2.0') return refused(known, invalidRequest('jsonrpc must be "2.0".'));
  if (typeof method !== 'string') return refused(known, invalidRequest('method must be a string.'));
  const request = { id: known, method, params: params ?? undefined };
  return id === undefined ? { ...request, notification: noId() } : request;
}

const noId = (): A2AError =>
  invalidRequest('id is required: notifications are not supported, each method has an answer.');

const refused = (id: RpcId, error: A2AError): Envelope => ({ id, method: '', params: undefined, error });

function isId(id: unknown): id is RpcId {
  if (id === null) return true;
  if (typeof id === 'string') return id.length <= MAX_ID_LENGTH;
  return typeof id === 'number' && Math.abs(id) <= Number.MAX_SAFE_INTEGER;
}

/** A response is this prefix, the result's JSON text, then the suffix. */
export const resultPrefix = (id: RpcId): string => `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":`;
export const RESULT_SUFFIX = '}';

/** In parts, of which one may be shared with other answers. */
export function resultBody(id: RpcId, result: object | null): string | readonly Buffer[] {
  const json = responseJson(result);
  if (typeof json === 'string') return `${resultPrefix(id)}${json}${RESULT_SUFFIX}`;
  return [Buffer.from(resultPrefix(id)), json, Buffer.from(RESULT_SUFFIX)];
}

/** `error` may be anything thrown. What is not an A2AError becomes an internal error without any details. */
export const errorText = (id: RpcId, error: unknown, version: ProtocolVersion): string =>
  `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"error":${JSON.stringify(toJsonRpcError(error, version))}}`;
