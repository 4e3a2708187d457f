import type { HttpServer } from '@nestjs/common';
import type { IncomingMessage, ServerResponse } from 'node:http';

type Next = (error?: unknown) => void;
type Middleware = (request: IncomingMessage, response: ServerResponse, next: Next) => void;

/** Registers Nest's own express parsers for every path that is not ours. */
export function leaveBodiesOnExpress(adapter: HttpServer, ours: (url: string) => boolean, rawBody: boolean): void {
  for (const parser of nestParsers(adapter, rawBody)) {
    const elsewhere: Middleware = (request, response, next) =>
      ours(request.url ?? '/') ? next() : parser(request, response, next);
    adapter.use?.(elsewhere as never);
  }
}

/** Lets the adapter register its parsers on a stand-in, to learn which they are. */
function nestParsers(adapter: HttpServer, rawBody: boolean): Middleware[] {
  const parsers: Middleware[] = [];
  const standIn = Object.create(adapter, {
    use: { value: (parser: Middleware) => void parsers.push(parser) },
  }) as HttpServer & { registerParserMiddleware(prefix: string, rawBody: boolean): void };
  standIn.registerParserMiddleware('', rawBody);
  return parsers;
}
