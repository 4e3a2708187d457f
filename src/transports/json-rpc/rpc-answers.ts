import { toJsonRpcError } from '../../protocol/errors/index.js';
import type { RpcId } from './envelope.js';
import type { ProtocolVersion } from '../protocol-version.js';
import { responseJson } from '../task-response.js';

/** A response up to its result or error. */
const opening = (id: RpcId): string => `{"jsonrpc":"2.0","id":${JSON.stringify(id)},`;

/** A response is this prefix, the result's JSON text, then the suffix. */
export const resultPrefix = (id: RpcId): string => `${opening(id)}"result":`;
export const RESULT_SUFFIX = '}';

/** In parts, of which one may be shared with other answers. */
export function resultBody(id: RpcId, result: object | null): string | readonly Buffer[] {
  const json = responseJson(result);
  if (typeof json === 'string') return `${resultPrefix(id)}${json}${RESULT_SUFFIX}`;
  return [Buffer.from(resultPrefix(id)), json, Buffer.from(RESULT_SUFFIX)];
}

/** `error` may be anything thrown. What is not an A2AError becomes an internal error without any details. */
export const errorText = (id: RpcId, error: unknown, version: ProtocolVersion): string =>
  `${opening(id)}"error":${JSON.stringify(toJsonRpcError(error, version))}}`;
