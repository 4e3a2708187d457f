import { Inject, Injectable } from '@nestjs/common';
import { HTTP_TRANSPORT_OPTIONS, type HttpTransportOptions } from '../http/http-transport.options.js';
import { parseJsonBody } from '../http/json-body.js';
import type { Answer } from '../operation.js';
import { type HttpCall, OperationRunner } from '../operation.runner.js';
import { assertSupported } from '../operations.js';
import { assertVersion, type RequestedVersion } from '../protocol-version.js';
import { queryParameters } from './query-parameters.js';
import type { AddressParts } from './rest-address.js';
import type { RestRoute } from './rest-route.js';
import { withinAddress } from './within-address.js';
import { withMembers } from '../../common/with-members.js';

export interface RestCall extends HttpCall {
  readonly url: string;
  readonly parts: AddressParts;
  /** Empty when the request has none, or its route reads none. */
  readonly body: Buffer;
}

/** From an HTTP+JSON request to its answer. Knows nothing of sockets. */
@Injectable()
export class RestDispatcher {
  constructor(
    private readonly runner: OperationRunner,
    @Inject(HTTP_TRANSPORT_OPTIONS) private readonly options: HttpTransportOptions,
  ) {}

  /** @throws A2AError VERSION_NOT_SUPPORTED: the path belongs to another version than the requested one. */
  checkVersion({ method, path, operation }: RestRoute, asked: RequestedVersion): void {
    assertVersion(asked, operation.version, this.options.lenientVersion, `${method} ${path} is an address`);
  }

  /** A stream's first batch is known when it resolves. @throws A2AError */
  dispatch(route: RestRoute, call: RestCall): Promise<Answer> {
    const { tenant, values } = call.parts;
    assertSupported(route.operation, call.agent);
    const params = route.body === undefined ? queryParameters(call.url) : this.#bodyParameters(call.body, route.body);
    const request = route.operation.read(params, withinAddress(withMembers(values, { tenant })));
    return this.runner.run(route.operation, request, call);
  }

  /** Some clients send `null` as an empty body. */
  #bodyParameters(body: Buffer, need: NonNullable<RestRoute['body']>): unknown {
    const { maxRequestValues } = this.options;
    if (need === 'required') return parseJsonBody(body, maxRequestValues);
    return body.length === 0 ? {} : (parseJsonBody(body, maxRequestValues) ?? {});
  }
}
