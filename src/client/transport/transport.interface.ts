import type { OperationName, Requests, Responses, StreamingOperation } from '../../protocol/operations.js';

/** A request as it is sent, without the client's headers. */
export interface TransportRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly url: string;
  readonly body?: string;
  readonly contentType?: string;
  /** The id that the answer must refer to, if the binding has one. */
  readonly id?: string;
  /** Another route for the same request, for servers that answer this one with 404 or 405. */
  readonly otherwise?: TransportRequest;
}

/** One interface of an agent: a binding in one version at one URL. */
export interface ClientTransport {
  readonly binding: 'JSONRPC' | 'HTTP+JSON';
  readonly version: '1.0' | '0.3';
  /** @throws A2AClientUnsupportedError for an operation that the interface does not have. */
  request<O extends OperationName>(operation: O, request: Requests[O]): TransportRequest;
  /**
   * Reads the body of an answer.
   * @throws A2ARemoteError for a protocol error, A2AClientHTTPError for a status without one, A2AClientJSONError.
   */
  answer<O extends OperationName>(operation: O, request: TransportRequest, status: number, text: string): Responses[O];
  /** `request` was answered where the first route was not: use it first from now on. */
  prefer?(request: TransportRequest): void;
  /** Reads the data of an event. Throws as `answer` does. */
  event<O extends StreamingOperation>(
    operation: O,
    request: TransportRequest,
    type: string,
    data: string,
  ): Responses[O];
}
