import type { HttpServer } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';

type Matches = (request: IncomingMessage) => boolean;

interface ExpressAdapter {
  useBodyParser(type: 'raw', rawBody: boolean, options: { type: Matches; limit: number }): unknown;
}

interface Fastify {
  addHook(name: 'onRequest', hook: (request: { raw: IncomingMessage }, reply: unknown, done: () => void) => void): void;
  addContentTypeParser(
    type: string,
    options: { parseAs: 'buffer'; bodyLimit: number },
    parser: (request: unknown, body: Buffer, done: (error: null, body: Buffer) => void) => void,
  ): void;
}

/** Stands in for the media type of a webhook's body, so that no other parser takes it. */
const OURS = 'application/x-a2a-webhook';

/**
 * Gives webhooks their bodies as bytes, whatever parsers the application has: signatures are over bytes, Nest's parsers leave out
 * application/a2a+json, and their limit of 100 kB is less than a task may have. Call it before the application registers its parsers.
 */
export function takeWebhookBodies(adapter: HttpServer, matches: Matches, limit: number): void {
  const type = (request: IncomingMessage): boolean => isJson(request.headers['content-type']) && matches(request);
  if (adapter.getType() === 'fastify') takeOnFastify((adapter.getInstance as () => Fastify)(), type, limit);
  else (adapter as unknown as ExpressAdapter).useBodyParser('raw', false, { type, limit });
}

function takeOnFastify(fastify: Fastify, matches: Matches, bodyLimit: number): void {
  fastify.addContentTypeParser(OURS, { parseAs: 'buffer', bodyLimit }, (_, body, done) => done(null, body));
  fastify.addHook('onRequest', ({ raw }, _reply, done) => {
    if (matches(raw)) raw.headers['content-type'] = OURS;
    done();
  });
}

/** Whether a media type is one of notifications. */
export const isJson = (type: string | undefined): boolean =>
  /^\s*application\/(?:a2a\+)?json\s*(?:;|$)/i.test(type ?? '');
