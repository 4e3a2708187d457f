import {
  Controller,
  Next,
  Req,
  RequestMapping,
  RequestMethod,
  Res,
  type Type,
  UseFilters,
  VERSION_NEUTRAL,
} from '@nestjs/common';
import { A2aRoute } from '../http/a2a-route.decorator.js';
import type { HttpBindings } from '../http/http-transport.options.js';
import { callNext, type PlatformRequest, type PlatformResponse, rawRequest } from '../http/platform.js';
import { isTenantSegment } from '../../security/tenants.options.js';
import type { RestAddress } from './rest-address.js';
import { RestEndpoint } from './rest.endpoint.js';
import { RestExceptionFilter } from './rest.exception-filter.js';
import { REST_ADDRESSES } from './rest.routes.js';

type Handler = (
  this: { endpoint: RestEndpoint },
  request: PlatformRequest,
  response: PlatformResponse,
  next?: () => void,
) => Promise<void> | void;

/**
 * Creates a controller with a handler for each HTTP+JSON path: below `path` for the default agent, below `path/agents/{id}` for any agent.
 * Plain paths come first, so that a tenant segment cannot shadow them.
 */
export function createRestController(path: string, { tenantPaths }: Pick<HttpBindings, 'tenantPaths'>): Type {
  @Controller({ path: [path || '/', `${path}/agents/:agent`], version: VERSION_NEUTRAL })
  @A2aRoute('rest')
  class A2aRestController {
    constructor(readonly endpoint: RestEndpoint) {}
  }
  for (const address of REST_ADDRESSES) declare(A2aRestController, address.pattern, address, false);
  for (const address of REST_ADDRESSES.filter(({ tenants }) => tenantPaths && tenants))
    declare(A2aRestController, `:tenant/${address.pattern}`, address, true);
  return A2aRestController;
}

/** Does what `@All(path) @UseFilters(…) method(@Req() request, @Res() response, @Next() next)` would declare. */
function declare(controller: Type, path: string, address: RestAddress, tenants: boolean): void {
  const handler: Handler = function (request, response, next) {
    const parts = address.read(rawRequest(request).url ?? '', {
      agents: request.params?.['agent'] !== undefined,
      tenants,
    });
    if (parts.tenant !== undefined && !isTenantSegment(parts.tenant)) return callNext(response, next);
    return this.endpoint.handle(address, parts, request, response);
  };
  const { prototype } = controller as { prototype: object };
  Object.defineProperty(prototype, path, { value: handler, configurable: true });
  const descriptor = Object.getOwnPropertyDescriptor(prototype, path)!;
  RequestMapping({ path, method: RequestMethod.ALL })(prototype, path, descriptor);
  UseFilters(new RestExceptionFilter(address.version))(prototype, path, descriptor);
  [Req(), Res(), Next()].forEach((parameter, index) => parameter(prototype, path, index));
}
