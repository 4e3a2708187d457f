import type { HttpServer } from '@nestjs/common';
import type { IncomingMessage, ServerResponse } from 'node:http';

type Next = (error?: unknown) => void;
type Middleware = (request: IncomingMessage & { originalUrl?: string }, response: ServerResponse, next: Next) => void;

/** The functions of body-parser, by the names that Nest, too, looks for. */
const PARSERS = new Set(['jsonParser', 'rawParser', 'textParser', 'urlencodedParser']);

/**
 * Keeps body parsers from our paths: those that Nest registers, those of `app.useBodyParser()`, and those that the application gives to
 * `app.use()`. All of them go through `use` of the adapter. To be called before the first is registered.
 */
export function leaveBodiesOnExpress(adapter: HttpServer, ours: (url: string) => boolean): void {
  const use = (adapter.use as (...args: unknown[]) => unknown).bind(adapter);
  const elsewhere = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(elsewhere);
    return isParser(value) ? notOn(ours, value) : value;
  };
  (adapter as { use: (...args: unknown[]) => unknown }).use = (...args) => use(...args.map(elsewhere));
}

const isParser = (value: unknown): value is Middleware => typeof value === 'function' && PARSERS.has(value.name);

function notOn(ours: (url: string) => boolean, parser: Middleware): Middleware {
  const elsewhere: Middleware = (request, response, next) =>
    ours(request.originalUrl ?? request.url ?? '/') ? next() : parser(request, response, next);
  // Nest must find it by its name, or it would register another.
  return Object.defineProperty(elsewhere, 'name', { value: parser.name });
}
