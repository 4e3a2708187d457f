import { isObject } from '../../common/is-object.js';
import { newId } from '../../protocol/ids.js';
import { A2AClientHTTPError, A2AClientJSONError } from '../errors/client.errors.js';
import type { Answers, VersionAdapter, Operation, Requests, StreamingOperation } from './version-adapter.interface.js';
import { parseJson } from './parse-json.js';
import { fromJsonRpcError } from './remote-error.js';
import { v03Adapter } from './v0-3.adapter.js';
import { v10Adapter } from './v1-0.adapter.js';
import type { ClientTransport, TransportRequest } from './transport.interface.js';

/** In v1.0 the methods are called as the operations are. Spec 9.4; v0.3 spec 3.5.6. */
const V03_METHODS: Readonly<Record<Operation, string>> = {
  SendMessage: 'message/send',
  SendStreamingMessage: 'message/stream',
  GetTask: 'tasks/get',
  ListTasks: 'tasks/list',
  CancelTask: 'tasks/cancel',
  SubscribeToTask: 'tasks/resubscribe',
  CreateTaskPushNotificationConfig: 'tasks/pushNotificationConfig/set',
  GetTaskPushNotificationConfig: 'tasks/pushNotificationConfig/get',
  ListTaskPushNotificationConfigs: 'tasks/pushNotificationConfig/list',
  DeleteTaskPushNotificationConfig: 'tasks/pushNotificationConfig/delete',
  GetExtendedAgentCard: 'agent/getAuthenticatedExtendedCard',
};

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

  request<O extends Operation>(operation: O, request: Requests[O]): TransportRequest {
    const id = newId();
    const method = this.version === '1.0' ? operation : V03_METHODS[operation];
    const params = this.#dialect.encode[operation](request);
    const body = JSON.stringify({ jsonrpc: '2.0', id, method, params });
    return { method: 'POST', url: this.url, body, contentType: 'application/json', id };
  }

  answer<O extends Operation>(operation: O, request: TransportRequest, status: number, text: string): Answers[O] {
    const response = responseOf(status, text, this.maxValues);
    if (response.error !== undefined && response.error !== null) throw fromJsonRpcError(response.error);
    if (status >= 300 || !('result' in response)) throw noResponse(status);
    if (response.id !== request.id)
      throw new A2AClientJSONError('The agent answered another request than the one it was sent.');
    return this.#dialect.decode[operation](response.result);
  }

  event<O extends StreamingOperation>(
    operation: O,
    request: TransportRequest,
    _type: string,
    data: string,
  ): Answers[O] {
    return this.answer(operation, request, 200, data);
  }
}

/** What is said with an HTTP error need not be of JSON-RPC: proxies answer, too. */
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
