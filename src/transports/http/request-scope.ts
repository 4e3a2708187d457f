import type { HttpServer } from '@nestjs/common';
import type { LogScopes } from '../../common/logging/log-scopes.js';
import { REQUEST_ID_HEADER, requestRef } from '../../common/logging/request-ref.js';
import { aroundRequests } from './before-requests.js';

/**
 * Gives each request that `isOurs` a request id, sends it in the response, and lets the logs of guards, routes and all that they call name
 * it. An id that the application has set on the response counts.
 */
export function scopeRequests(adapter: HttpServer, scopes: LogScopes, isOurs: (url: string) => boolean): void {
  aroundRequests(adapter, (request, response, next) => {
    if (!isOurs(request.url ?? '/')) return next();
    const ref = requestRef(request.headers, response.getHeader(REQUEST_ID_HEADER));
    response.setHeader(REQUEST_ID_HEADER, ref.id);
    scopes.within({ request: ref }, next);
  });
}
