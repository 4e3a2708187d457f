import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { PrincipalCarrier } from '../../security/principal.js';

/** What Express, its router, Node and a guard of ours add to a request once its prototype was set. */
interface LateRequestFields extends PrincipalCarrier {
  next?: unknown;
  baseUrl?: unknown;
  originalUrl?: unknown;
  params?: unknown;
  route?: unknown;
  _parsedUrl?: unknown;
  _eventsCount?: number;
  [field: symbol]: unknown;
}
/** The same of a response. */
interface LateResponseFields {
  locals?: unknown;
  statusMessage?: unknown;
}

/** The router's own, which it does not export. */
const MATCHED_ROUTE = 'router.tracing.matchedRoute';
const LOOKS = 20;

/**
 * Adds those fields, with the values that they have without it, before Express sees a request. Express sets the prototypes of both
 * objects, and V8 shares no hidden class among objects that get a field after that: each access to each request would miss all
 * inline caches, here, in Express and in Node, which takes three times the time of a small route.
 */
export function shareExpressShapes(server: Pick<Server, 'prependListener'>): void {
  let matchedRoute: symbol | undefined;
  let looks = 0;
  const learn = (request: IncomingMessage): void => {
    looks++;
    matchedRoute ??= Object.getOwnPropertySymbols(request).find(({ description }) => description === MATCHED_ROUTE);
  };
  server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
    addRequestFields(request as unknown as LateRequestFields, matchedRoute);
    addResponseFields(response);
    if (matchedRoute === undefined && looks < LOOKS) response.once('close', () => learn(request));
  });
}

function addRequestFields(request: LateRequestFields, matchedRoute: symbol | undefined): void {
  request.next = undefined;
  request.baseUrl = undefined;
  request.originalUrl = undefined;
  request.params = undefined;
  request.route = undefined;
  request._parsedUrl = undefined;
  request.a2a = undefined;
  // Inherited until the first listener is added.
  request._eventsCount = request._eventsCount ?? 0;
  if (matchedRoute !== undefined) request[matchedRoute] = undefined;
}

function addResponseFields(response: ServerResponse & LateResponseFields): void {
  const { statusCode, statusMessage } = response;
  response.locals = undefined;
  // Inherited until they are set.
  response.statusCode = statusCode;
  response.statusMessage = statusMessage;
}
