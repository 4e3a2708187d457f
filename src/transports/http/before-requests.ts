import type { HttpServer } from '@nestjs/common';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** Returns true if it has answered the request. */
export type BeforeRequest = (request: IncomingMessage, response: ServerResponse) => boolean;

/** Calls `next` once, with true if it has answered the request. */
export type AroundRequest = (
  request: IncomingMessage,
  response: ServerResponse,
  next: (answered?: boolean) => void,
) => void;

interface FastifyLike {
  addHook(
    name: 'onRequest',
    hook: (
      request: { readonly raw: IncomingMessage },
      reply: { readonly raw: ServerResponse; hijack(): unknown },
      done: () => void,
    ) => void,
  ): void;
}

/** Calls `handle` for each request, with Node's own request and response, before what is registered later on the adapter. */
export const beforeRequests = (adapter: HttpServer, handle: BeforeRequest): void =>
  aroundRequests(adapter, (request, response, next) => next(handle(request, response)));

/** The same; all that follows runs inside `next`. */
export function aroundRequests(adapter: HttpServer, handle: AroundRequest): void {
  if (adapter.getType() === 'fastify') {
    (adapter.getInstance() as FastifyLike).addHook('onRequest', ({ raw: request }, reply, done) => {
      handle(request, reply.raw, (answered) => (answered ? void reply.hijack() : done()));
    });
    return;
  }
  adapter.use((request: IncomingMessage, response: ServerResponse, next: () => void): void => {
    handle(request, response, (answered) => (answered ? undefined : next()));
  });
}
