import type { HttpServer } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';

type Done = (error: Error | null, value?: unknown) => void;
interface Request {
  readonly raw: IncomingMessage;
  readonly is404: boolean;
}
type PreParsing = (request: Request, reply: unknown, payload: unknown, done: Done) => void;
interface RouteOptions {
  preParsing?: PreParsing | PreParsing[];
}
interface FastifyLike {
  addHook(name: 'onRoute', hook: (route: RouteOptions) => void): void;
  addHook(name: 'preParsing', hook: PreParsing): void;
  hasContentTypeParser(type: string): boolean;
  addContentTypeParser(type: string, parser: (request: Request, payload: unknown, done: Done) => void): void;
}

/** Fastify knows no parser of an application for it. */
const UNREAD = 'application/vnd.nest-a2a.unread';
const WITHOUT_BODY = new Set(['GET', 'HEAD', 'TRACE']);

/**
 * Fastify chooses a parser by content type, for all routes alike, and refuses a malformed type before that. While it chooses for a route
 * of ours, the type is one whose parser leaves the body in the socket; our handler, and hooks before and after, see the client's own.
 *
 * @returns a function that registers a route so that its bodies are left alone
 */
export function leaveBodiesOnFastify(
  adapter: HttpServer,
  isOurs: (url: string) => boolean,
): (register: () => unknown) => unknown {
  const fastify = adapter.getInstance() as FastifyLike;
  const sent = new WeakMap<IncomingMessage, string>();
  let ours = false;
  fastify.addHook('onRoute', (route) => {
    if (!ours) return;
    // Behind the hooks of the application.
    route.preParsing = [...[route.preParsing ?? []].flat(), hide];
  });
  const hide: PreParsing = ({ raw }, _reply, payload, done) => {
    if (!WITHOUT_BODY.has(raw.method ?? '')) {
      const type = raw.headers['content-type'];
      if (type !== undefined) sent.set(raw, type);
      raw.headers['content-type'] = UNREAD;
    }
    done(null, payload);
  };
  // What no route of ours matches is not found, whatever its body is.
  fastify.addHook('preParsing', (request, reply, payload, done) => {
    if (request.is404 && isOurs(request.raw.url ?? '/')) hide(request, reply, payload, done);
    else done(null, payload);
  });
  if (!fastify.hasContentTypeParser(UNREAD)) {
    fastify.addContentTypeParser(UNREAD, ({ raw }, _payload, done) => {
      const type = sent.get(raw);
      if (type === undefined) delete raw.headers['content-type'];
      else raw.headers['content-type'] = type;
      done(null);
    });
  }
  return (register) => {
    ours = true;
    try {
      return register();
    } finally {
      ours = false;
    }
  };
}
