import { isObject } from '../../common/is-object.js';
import { newId } from '../../protocol/ids.js';
import { A2AClientHTTPError, A2AClientJSONError, A2AClientUnsupportedError } from '../errors/client.errors.js';
import {
  type OperationDescription,
  type OperationName,
  OPERATIONS,
  type Requests,
  type Responses,
  type StreamingOperation,
} from '../../protocol/operations.js';
import { decoded, encoded } from './by-operation.js';
import type { VersionAdapter } from './version-adapter.interface.js';
import { parseJson } from './parse-json.js';
import { fromJsonRpcError } from './remote-error.js';
import { v03Adapter } from './v0-3.adapter.js';
import { v10Adapter } from './v1-0.adapter.js';
import type { ClientTransport, TransportRequest } from './transport.interface.js';

export class JsonRpcTransport implements ClientTransport {
  readonly binding = 'JSONRPC';
  readonly #dialect: VersionAdapter;

  constructor(
    private readonly url: string,
    readonly version: '1.0' | '0.3',
    private readonly maxValues?: number,
  ) {
    this.#dialect = version === '1.0' ? v10Adapter : v03Adapter;
  }

  request<O extends OperationName>(operation: O, request: Requests[O]): TransportRequest {
    const id = newId();
    const method = this.#methodOf(operation);
    const params = encoded(this.#dialect, operation, request);
    const body = JSON.stringify({ jsonrpc: '2.0', id, method, params });
    return { method: 'POST', url: this.url, body, contentType: 'application/json', id };
  }

  answer<O extends OperationName>(operation: O, request: TransportRequest, status: number, text: string): Responses[O] {
    const response = responseOf(status, text, this.maxValues);
    if (response.error !== undefined && response.error !== null) throw fromJsonRpcError(response.error);
    if (status >= 300 || !('result' in response)) throw noResponse(status);
    if (response.id !== request.id)
      throw new A2AClientJSONError('The agent answered another request than the one it was sent.');
    return decoded(this.#dialect, operation, response.result);
  }

  event<O extends StreamingOperation>(
    operation: O,
    request: TransportRequest,
    _type: string,
    data: string,
  ): Responses[O] {
    return this.answer(operation, request, 200, data);
  }

  /** v1.0 names the methods like the operations. Spec 9.4; v0.3 spec 3.5.6. */
  #methodOf(operation: OperationName): string {
    if (this.version === '1.0') return operation;
    const { rpc }: OperationDescription['v03'] = OPERATIONS[operation].v03;
    if (rpc !== undefined) return rpc;
    throw new A2AClientUnsupportedError(`The agent is spoken to over JSON-RPC in v0.3, which has no ${operation}.`);
  }
}

/** The body of an HTTP error need not be JSON-RPC: proxies answer, too. */
function responseOf(status: number, text: string, maxValues?: number): Record<string, unknown> {
  try {
    const response = parseJson(text, maxValues);
    if (isObject(response)) return response;
  } catch (error) {
    if (status < 300) throw error;
  }
  throw noResponse(status);
}

const noResponse = (status: number): Error =>
  status < 300
    ? new A2AClientJSONError("The agent's answer is no response of JSON-RPC.")
    : new A2AClientHTTPError(status, `The agent answered with HTTP ${status}.`);
