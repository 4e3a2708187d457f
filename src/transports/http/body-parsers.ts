import { HttpException, type HttpServer } from '@nestjs/common';
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Readable } from 'node:stream';
import { type BodyError, collectBody } from './raw-body.reader.js';
import { isJsonMediaType } from './json-body.js';

type Next = (error?: unknown) => void;
type Middleware = (request: IncomingMessage, response: ServerResponse, next: Next) => void;

/** Registers Nest's own Express parsers for all paths except ours. */
export function leaveBodiesOnExpress(adapter: HttpServer, ours: (url: string) => boolean, rawBody: boolean): void {
  for (const parser of expressParsers(adapter, rawBody)) {
    const elsewhere: Middleware = (request, response, next) =>
      ours(request.url ?? '/') ? next() : parser(request, response, next);
    adapter.use?.(elsewhere as never);
  }
}

/** Collects the parsers of the adapter: it registers them on a stand-in. */
function expressParsers(adapter: HttpServer, rawBody: boolean): Middleware[] {
  const parsers: Middleware[] = [];
  const standIn = Object.create(adapter, {
    use: { value: (parser: Middleware) => void parsers.push(parser) },
  }) as HttpServer & { registerParserMiddleware(prefix: string, rawBody: boolean): void };
  standIn.registerParserMiddleware('', rawBody);
  return parsers;
}

interface Request {
  readonly url: string;
  readonly is404?: boolean;
  readonly raw: IncomingMessage;
}
type Done = (error: Error | null, body?: unknown) => void;
type BufferParser = (request: Request, body: Buffer, done: Done) => void;
type StreamParser = (request: Request, payload: Readable, done: Done) => void;

interface FastifyLike {
  readonly initialConfig: { readonly bodyLimit?: number };
  addContentTypeParser(type: string, parser: StreamParser): void;
  addHook(name: 'onRequest', hook: (request: Request, reply: unknown, done: () => void) => void): void;
}

const DEFAULT_BODY_LIMIT = 1024 * 1024;

/**
 * Fastify chooses a parser by content type before it calls a route. Each type with a parser gets one that leaves the bodies of
 * our paths in the socket, and calls the adapter's own for all others.
 */
export function leaveBodiesOnFastify(adapter: HttpServer, ours: (url: string) => boolean, rawBody: boolean): void {
  const fastify = adapter.getInstance() as FastifyLike;
  const limit = fastify.initialConfig.bodyLimit ?? DEFAULT_BODY_LIMIT;
  const parsers = fastifyParsers(adapter, fastify, rawBody);
  if (!parsers.has('application/json')) {
    throw new Error(
      'configureA2a: call it before app.useBodyParser(), which would read the bodies of A2A, and register no JSON parser.',
    );
  }
  parsers.set('text/plain', (_request, body, done) => done(null, body.toString('utf8')));
  for (const [type, parser] of parsers) {
    fastify.addContentTypeParser(type, (request, payload, done) => {
      if (ours(request.url)) return done(null);
      collectBody(payload, limit).then(
        (body) => {
          try {
            parser(request, body, done);
          } catch (error) {
            done(error as Error);
          }
        },
        (error: BodyError) => done(httpError(error.status)),
      );
    });
  }
  fastify.addContentTypeParser('*', (request, _payload, done) =>
    ours(request.url) || request.is404 ? done(null) : done(httpError(415)),
  );
  // Fastify rejects a malformed Content-Type before it calls a parser. On our paths, the error must be ours.
  fastify.addHook('onRequest', (request, _reply, done) => {
    const { headers } = request.raw;
    if (headers['content-type'] !== undefined && !isJsonMediaType(headers['content-type']) && ours(request.url)) {
      headers['content-type'] = 'application/octet-stream';
    }
    done();
  });
}

const httpError = (status: number): Error => new HttpException(STATUS_CODES[status] ?? 'Error', status);

/** Collects the parsers of the adapter: it registers them on a stand-in. */
function fastifyParsers(adapter: HttpServer, fastify: FastifyLike, rawBody: boolean): Map<string, BufferParser> {
  const parsers = new Map<string, BufferParser>();
  const instance = Object.create(fastify as object, {
    addContentTypeParser: {
      value: (type: string, _options: object, parser: BufferParser) => void parsers.set(type, parser),
    },
  }) as FastifyLike;
  const standIn = Object.create(adapter, { getInstance: { value: () => instance } }) as HttpServer & {
    registerParserMiddleware(prefix: string, rawBody: boolean): void;
  };
  standIn.registerParserMiddleware('', rawBody);
  return parsers;
}
